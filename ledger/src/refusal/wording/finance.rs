//! Word the refusals of finance: valuations, compensation funds, instruments, loan lines.

super::wording! {
    ValuationAppraiser {
        article: "资产评估法；通达网络规则：价值评估" / "Asset Appraisal Law; Tongda network rule: valuations",
        message: "评估人不是评估机构，或者银行内部评估不是由银行写入。"
            / "Who values is no appraiser, or values as a bank does without being one.",
        cure: "由评估机构写入；银行为自己授信评估的，由银行以内部评估方法写入。"
            / "Let an appraiser enter it; a bank that values for its own lending enters it with the bank's own \
               method.",
    }
    ValuationStale {
        article: "资产评估法；通达网络规则：价值评估" / "Asset Appraisal Law; Tongda network rule: valuations",
        message: "评估已经超过有效期，不再作数。" / "The valuation is too old and no longer counts.",
        cure: "重新评估，用 `tongda valuation` 写入新的评估。"
            / "Have the patents valued again and enter the new valuation with `tongda valuation`.",
    }
    ValuationPatents {
        article: "通达网络规则：价值评估" / "Tongda network rule: valuations",
        message: "所引用的评估不包括该专利。" / "The valuation that is named is not of this patent.",
        cure: "引用包括全部专利的评估，或者不引用评估。"
            / "Name a valuation of all the patents, or none.",
    }
    FundRole {
        article: "国办发〔2023〕37号第九项；通达网络规则：风险补偿"
            / "State Council document Guobanfa (2023) No. 37, measure 9; Tongda network rule: compensation",
        message: "该成员不是基金。" / "The member is no fund.",
        cure: "写明具有基金角色的成员。" / "Name a member that has the role of a fund.",
    }
    FundRequired {
        article: "通达网络规则：风险补偿" / "Tongda network rule: compensation",
        message: "基金没有签名。" / "The fund has not signed.",
        cure: "由基金在同一记录上签名，或者在征集期限内用 `tongda consent give` 表示同意。"
            / "The fund signs the same record, or consents with `tongda consent give` while consents are \
               gathered.",
    }
    FundAmount {
        article: "通达网络规则：风险补偿" / "Tongda network rule: compensation",
        message: "金额或者承担比例为零，或者合计超出可以计数的范围。"
            / "The amount or the share is zero, or the sum is beyond counting.",
        cure: "核对以分为单位的金额和以基点为单位的比例。"
            / "Check the amount in fen and the share in basis points.",
    }
    FundInsufficient {
        article: "通达网络规则：风险补偿" / "Tongda network rule: compensation",
        message: "基金余额不足：出资加追回减已付少于本次补偿。"
            / "The fund does not hold as much: paid in plus recovered less paid out is below the payout.",
        cure: "先用 `tongda fund contribute` 写入出资，或者减少补偿数额。"
            / "First enter a contribution with `tongda fund contribute`, or pay less.",
    }
    RiskNoDefault {
        article: "国办发〔2023〕37号第九项；通达网络规则：风险补偿"
            / "State Council document Guobanfa (2023) No. 37, measure 9; Tongda network rule: compensation",
        message: "该质押没有声明违约，不能申请风险补偿。"
            / "No default of the pledge is stated, so there is nothing to compensate.",
        cure: "债务确已违约的，由质权人先用 `tongda pledge default` 声明。"
            / "If the debtor is in default, the pledgee first states it with `tongda pledge default`.",
    }
    RiskCompensated {
        article: "通达网络规则：风险补偿" / "Tongda network rule: compensation",
        message: "该次违约已经补偿过；一次违约只补偿一次。"
            / "The default has been compensated already; one default is compensated once.",
        cure: "查看已有的补偿记录；数额有误的，以追回记录退回后另行处理。"
            / "Look at the compensation that stands; if it was too much, return the excess as a recovery.",
    }
    RiskRecoveryExceeds {
        article: "通达网络规则：风险补偿" / "Tongda network rule: compensation",
        message: "追回合计超过已付的补偿。" / "More would come back than the fund has paid.",
        cure: "只写入属于基金的部分，追回合计不超过补偿数额。"
            / "Enter the fund's part alone: recoveries sum to no more than the payout.",
    }
    InstrumentPartyRequired {
        article: "民法典第四百六十五条；通达网络规则：金融工具"
            / "Civil Code art. 465; Tongda network rule: instruments",
        message: "金融工具的一方没有签名。" / "A side of the instrument has not signed.",
        cure: "由该方在同一记录上签名，或者在征集期限内用 `tongda consent give` 表示同意。"
            / "That side signs the same record, or consents with `tongda consent give` while consents are \
               gathered.",
    }
    InstrumentPartner {
        article: "保险法；国办发〔2023〕37号第九项；通达网络规则：金融工具"
            / "Insurance Law; State Council document Guobanfa (2023) No. 37, measure 9; Tongda network rule: \
               instruments",
        message: "对方身份不符：保险的对方应当是保险机构，“贷款+外部直投”的对方应当是该质押的质权人。"
            / "The partner does not fit: an insurer insures, and a loan with investment is the pledgee's.",
        cure: "写明具有相应角色的成员。" / "Name a member that has that role.",
    }
    InstrumentInterest {
        article: "保险法第十二条" / "Insurance Law art. 12",
        message: "投保人对该专利或者许可没有保险利益：既不是专利权人，也不是许可的当事人。"
            / "The insured has no interest in what is insured: it neither owns the patent nor is a party to the \
               licence.",
        cure: "由专利权人投保，或者一并列出投保人作为当事人的许可。"
            / "Let an owner insure, or name a licence to which the insured is a party.",
    }
    InstrumentAssets {
        article: "通达网络规则：金融工具" / "Tongda network rule: instruments",
        message: "没有列出资产，或者所列资产不产生可以转让的收益，或者同一专利的收益分得过多。"
            / "No asset is named, or one of them brings no income to assign, or one patent's income is split too \
               often.",
        cure: "列出专利或者收费的许可；同一专利的已结束的工具先用 `tongda finance end` 注销。"
            / "Name patents or licences for a fee; end instruments of the patent that are over with `tongda \
               finance end`.",
    }
    InstrumentTerm {
        article: "专利法第四十二条；民法典第八百六十五条；通达网络规则：金融工具"
            / "Patent Law art. 42; Civil Code art. 865; Tongda network rule: instruments",
        message: "证券化的期限超过专利或者许可的期限，其后没有收益。"
            / "The securitisation outlasts the patent or the licence, after which there is no income.",
        cure: "缩短期限，或者去掉期限较短的资产。"
            / "Shorten the term, or leave out the assets that end earlier.",
    }
    StreamAlreadyLocked {
        article: "国办发〔2023〕37号第九项；民法典第五百四十五条、第七百六十一条；通达网络规则：证券化"
            / "State Council document Guobanfa (2023) No. 37, measure 9; Civil Code arts. 545, 761; Tongda \
               network rule: securitisation",
        message: "该收益已经转让给另一项证券化，不能重复转让。"
            / "The income is assigned to another securitisation; it is not assigned twice.",
        cure: "等该项证券化到期，或者由其双方用 `tongda finance end` 结束后再转让；也可以改用其他许可。"
            / "Wait for that one's term to end, or have its sides end it with `tongda finance end`; or assign \
               another licence's royalties.",
    }
    InstrumentKind {
        article: "通达网络规则：金融工具" / "Tongda network rule: instruments",
        message: "该金融工具的种类不符：理赔须依保险，授信所附的直投须以同一质押的“贷款+外部直投”登记。"
            / "The instrument is of another kind: claims are made under insurance, and an investment beside a \
               loan line is one of the same pledge.",
        cure: "写明种类相符的金融工具。" / "Name an instrument of that kind.",
    }
    InstrumentState {
        article: "通达网络规则：金融工具" / "Tongda network rule: instruments",
        message: "该金融工具已经结束或者期满。" / "The instrument has ended, or its term is over.",
        cure: "查看其状态；仍有需要的，重新订立并用 `tongda finance instrument` 写入。"
            / "Look at its state; if it is still wanted, conclude a new one and enter it with `tongda finance \
               instrument`.",
    }
    InstrumentClaimOpen {
        article: "保险法；通达网络规则：金融工具" / "Insurance Law; Tongda network rule: instruments",
        message: "该保险下有尚未答复的理赔请求。" / "There are claims under the policy that are not answered.",
        cure: "先由保险机构答复，或者由投保人撤回请求。"
            / "First let the insurer answer them, or the insured take them back.",
    }
    ClaimOutsideTerm {
        article: "保险法；通达网络规则：金融工具" / "Insurance Law; Tongda network rule: instruments",
        message: "保险事故不在保险期间之内。" / "The insured event did not happen within the policy's term.",
        cure: "核对事故日期和保险期间。" / "Check the day of the event and the policy's term.",
    }
    ClaimState {
        article: "通达网络规则：金融工具" / "Tongda network rule: instruments",
        message: "该理赔请求已经答复或者撤回，或者不属于该保险。"
            / "The claim has been answered or taken back, or is of another policy.",
        cure: "写明该保险下尚未答复的理赔请求。" / "Name a claim of this policy that is not answered.",
    }
    CreditLineBank {
        article: "商业银行法；通达网络规则：授信" / "Law on Commercial Banks; Tongda network rule: loan lines",
        message: "质权人不是银行，不能登记授信。" / "The pledgee is no bank and grants no loan line.",
        cure: "由质权人是银行的质押登记授信。" / "Enter loan lines beside pledges whose pledgee is a bank.",
    }
}
