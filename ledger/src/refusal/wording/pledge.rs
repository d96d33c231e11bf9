//! Word the refusals of pledges.

super::wording! {
    PledgeNotOwner {
        article: "专利权质押登记办法" / "Measures for the Registration of Patent Pledges",
        message: "出质人与登记簿上的专利权人不一致。" / "The pledgor is not the owner in the register.",
        cure: "由登记的全体专利权人作为出质人；权利已经转移的，先登记转移。"
            / "Have all registered owners pledge; if the right has passed, register that first.",
    }
    PledgeNotGranted {
        article: "专利权质押登记办法" / "Measures for the Registration of Patent Pledges",
        message: "该专利申请尚未授权，不能办理专利权质押登记。"
            / "The patent has not been granted, so no pledge of it can be registered.",
        cure: "等授权公告由登记机构写入后再申请。"
            / "Apply once the registrar has entered the announcement of grant.",
    }
    PledgeDebtExceedsTerm {
        article: "专利权质押登记办法；专利法第四十二条"
            / "Measures for the Registration of Patent Pledges; Patent Law art. 42",
        message: "债务人履行债务的期限超过专利权的有效期限。" / "The debt's term goes beyond the patent's.",
        cure: "缩短债务履行期限，或者换用、减去期限较短的专利。"
            / "Shorten the debt's term, or replace or leave out the patents that end earlier.",
    }
    PledgeFieldMissing {
        article: "民法典第四百二十七条；专利权质押登记办法"
            / "Civil Code art. 427; Measures for the Registration of Patent Pledges",
        message: "质押合同缺少法定内容。" / "The pledge contract lacks a content that the law requires.",
        cure: "补齐当事人、被担保债权的种类和数额、债务履行期限、专利权和担保范围；数额不公开，\
               只登记合同的摘要值。"
            / "Complete the parties, the kind and amount of the secured debt, its term, the patents and the \
               scope secured; the amount is not public, only the contract's digest is entered.",
    }
    PledgeAlready {
        article: "专利权质押登记办法" / "Measures for the Registration of Patent Pledges",
        message: "该专利权已经办理质押登记，不能重复质押。"
            / "The patent is pledged already; a second pledge is not registered.",
        cure: "由原质权人用 `tongda pledge release` 解除质押后再申请，或者换用其他专利。"
            / "Apply after the present pledgee has released its pledge with `tongda pledge release`, or \
               pledge another patent.",
    }
    PledgeSameDayAck {
        article: "专利法实施细则第四十七条；专利权质押登记办法"
            / "Implementing Rules r. 47; Measures for the Registration of Patent Pledges",
        message: "该实用新型有同日申请的发明专利申请尚未结案，发明授权时该实用新型专利权可能终止，\
                  当事人没有声明仍要登记。"
            / "An invention application of the same day is pending: if it is granted, the utility model may \
               end; the parties have not said that they insist.",
        cure: "当事人知悉风险后仍要办理的，在申请中写明坚持登记；或者等发明专利申请结案。"
            / "If the parties know the risk and still wish it, say so in the application; or wait for the \
               invention application to be decided.",
    }
    PledgeInvalidationAck {
        article: "专利权质押登记办法" / "Measures for the Registration of Patent Pledges",
        message: "该专利权已被启动无效宣告程序，当事人没有声明仍要登记。"
            / "An invalidation of the patent has been started, and the parties have not said that they \
               insist.",
        cure: "当事人知悉风险后仍要办理的，在申请中写明坚持登记；或者等无效宣告程序结束。"
            / "If the parties know the risk and still wish it, say so in the application; or wait for the \
               invalidation to end.",
    }
    PledgeForfeitureClause {
        article: "民法典第四百二十八条" / "Civil Code art. 428",
        message: "合同约定债务不履行时专利权归债权人所有（流质），质权人只能依法就专利权优先受偿。"
            / "The contract lets the creditor keep the patent on default; a pledgee is only entitled to be \
               paid first out of it.",
        cure: "删去流质条款，约定折价、拍卖或者变卖并优先受偿，重新提交。"
            / "Strike the clause, provide for conversion at an agreed value, auction or sale with priority \
               of payment, and submit again.",
    }
    PledgeContinuationRequired {
        article: "专利审查指南2023第五部分第十一章第9节" / "Examination Guidelines 2023, Part V ch. 11, 9",
        message: "该专利正在开放许可，出质须有质权人同意继续开放许可的书面意见。"
            / "The patent is openly licensed: to pledge it, the pledgee must agree in writing that open \
               licensing continues.",
        cure: "由质权人在申请中写明同意继续开放许可并签名；不同意的，先用 `tongda open withdraw` 撤回声明。"
            / "The pledgee states in the application that open licensing continues and signs; otherwise \
               first withdraw the declaration with `tongda open withdraw`.",
    }
    PledgeState {
        article: "民法典第四百四十四条；通达网络规则：质押"
            / "Civil Code art. 444; Tongda network rule: pledges",
        message: "该质押目前所处的阶段不允许此行为；质权自登记时设立，解除后不再变更。"
            / "The pledge's state does not allow this; the right arises on registration, and after its \
               release nothing changes any more.",
        cure: "查看质押的阶段：先申请，后登记，再解除；需要新的质押的，用 `tongda pledge apply` 申请。"
            / "Look at the pledge's state: it is applied for, registered, then released; for a new pledge \
               apply with `tongda pledge apply`.",
    }
    PledgePledgeeRequired {
        article: "民法典第四百二十七条；专利权质押登记办法"
            / "Civil Code art. 427; Measures for the Registration of Patent Pledges",
        message: "质押的申请、变更，违约的声明和质物的处置都须有质权人签名，质权人没有签名。"
            / "A pledge is applied for, changed and realised with the pledgee's signature, which is missing.",
        cure: "由质权人在同一记录上签名，或者在征集期限内用 `tongda consent give` 表示同意。"
            / "The pledgee signs the same record, or consents with `tongda consent give` while consents are \
               gathered.",
    }
    PledgeCancelPledgeeSign {
        article: "专利权质押登记办法" / "Measures for the Registration of Patent Pledges",
        message: "解除质押须由质权人签名。" / "Only the pledgee releases a pledge, and it has not signed.",
        cure: "债务清偿、质权实现、放弃质权或者主合同无效、终止的，\
               由质权人用 `tongda pledge release` 签署解除。"
            / "When the debt is paid, the pledge realised or waived, or the main contract void or ended, the \
               pledgee signs `tongda pledge release`.",
    }
    PledgeConsentKind {
        article: "民法典第四百四十四条第二款；专利权质押登记办法；通达网络规则：质押"
            / "Civil Code art. 444(2); Measures for the Registration of Patent Pledges; Tongda network rule: \
               pledges",
        message: "此类行为无须质权人事先同意。" / "An act of this kind takes no pledgee's consent in advance.",
        cure: "写明许可、转让、声明开放许可、放弃专利权或者证券化中的一类行为，重新签署。"
            / "Name one of: grant of a licence, transfer, declaration of an open licence, abandonment, \
               securitisation; and sign again.",
    }
    PledgePledgorRequired {
        article: "民法典第四百二十七条、第四百三十六条；专利权质押登记办法"
            / "Civil Code arts. 427, 436; Measures for the Registration of Patent Pledges",
        message: "出质人或者出质专利现在的专利权人没有签名；质权随专利权转移，受让人同样须签名。"
            / "Who pledged, or an owner of a pledged patent, has not signed; the pledge follows the patent, so a \
               transferee signs too.",
        cure: "由出质人和现在的全体专利权人在同一记录上签名，或者在征集期限内用 `tongda consent give` 表示同意；\
               处置也可以由人民法院写入。"
            / "Whoever pledged and all present owners sign the same record, or consent with `tongda consent \
               give` while consents are gathered; a disposal may also be entered by a court.",
    }
    PledgeChangeEmpty {
        article: "专利权质押登记办法；通达网络规则：质押"
            / "Measures for the Registration of Patent Pledges; Tongda network rule: pledges",
        message: "变更登记没有改变质押的任何内容。" / "The change leaves the pledge as it is.",
        cure: "写明改变的债权种类、合同摘要、期限、担保范围、最高额、确定日或者解除的专利后重新提交。"
            / "Name what changes: kind of debt, contract, term, scope, maximum, the day the debt was fixed or \
               the patents taken out; and submit again.",
    }
    PledgeChangePatents {
        article: "专利权质押登记办法；通达网络规则：质押"
            / "Measures for the Registration of Patent Pledges; Tongda network rule: pledges",
        message: "要解除的专利不在该质押之内，或者解除的是全部专利。"
            / "A patent to be taken out is not in the pledge, or all of them are to be.",
        cure: "只列出该质押内的部分专利；全部解除的，用 `tongda pledge release` 注销质押。"
            / "Name some of the pledge's patents; to let all of them go, release the pledge with `tongda pledge \
               release`.",
    }
    PledgeNotMaximum {
        article: "民法典第四百二十二条、第四百二十三条、第四百三十九条" / "Civil Code arts. 422, 423, 439",
        message: "该质押不是最高额质押，或者其债权已经确定，不能变更最高额或者再次确定。"
            / "The pledge is no maximum-amount pledge, or its debt is fixed already: neither the maximum nor the \
               day changes.",
        cure: "去掉最高额和确定日后提交；要以最高额担保新的债权的，另行设立质押。"
            / "Leave out the maximum and the day; to secure new debts up to a maximum, make another pledge.",
    }
    PledgeDefaultState {
        article: "民法典第四百三十六条；通达网络规则：质押"
            / "Civil Code art. 436; Tongda network rule: pledges",
        message: "违约已经声明过，或者没有违约可以消除，或者已经据此处置、补偿。"
            / "A default is stated already, or there is none to cure, or it has led to a disposal or a \
               compensation.",
        cure: "查看该质押的违约记录；已经声明的不再重复，已经据此处置或者补偿的，按结果办理解除或者追偿。"
            / "Look at the pledge's default; one that is stated is not stated again, and one that has been acted \
               upon ends with the pledge's release or the recovery.",
    }
    DisposalNoDefault {
        article: "民法典第四百三十六条第二款" / "Civil Code art. 436(2)",
        message: "没有声明债务人不履行到期债务或者发生约定的情形，不能实现质权。"
            / "No default of the secured debt, or agreed event, is stated, so the pledge cannot be realised.",
        cure: "债务确已违约的，由质权人先用 `tongda pledge default` 声明并附证据摘要。"
            / "If the debtor is in default, the pledgee first states it with `tongda pledge default` and the \
               digest of the evidence.",
    }
    DisposalProceedsUnbalanced {
        article: "民法典第四百三十八条" / "Civil Code art. 438",
        message: "价款与费用、归质权人、返还出质人三项之和不符，或者债务未清偿而有余款返还出质人。"
            / "Costs, pledgee's part and surplus do not sum to the price, or something is left over while a part \
               of the debt is too.",
        cure: "以分为单位核对：价款等于费用加归质权人加余款；债务有不足清偿部分的，余款为零。"
            / "Check in fen: the price is costs plus pledgee's part plus surplus; with a deficiency, the surplus \
               is zero.",
    }
    DisposalPatents {
        article: "民法典第四百三十六条；通达网络规则：质押"
            / "Civil Code art. 436; Tongda network rule: pledges",
        message: "该专利不在此质押之内，或者已经处置。"
            / "The patent is not in this pledge, or has been disposed of already.",
        cure: "只列出此质押内尚未处置的专利。" / "Name patents of this pledge that have not been disposed of.",
    }
    DisposalBuyer {
        article: "民法典第四百二十八条、第四百三十六条第二款" / "Civil Code arts. 428, 436(2)",
        message: "折价是由质权人以约定价值取得质物，受让人不是质权人。"
            / "At an agreed value it is the pledgee who takes the patents, and the buyer named is not the \
               pledgee.",
        cure: "折价的，写质权人为受让人；由他人取得的，用拍卖或者变卖。"
            / "Name the pledgee as the buyer; if somebody else takes the patents, enter an auction or a sale.",
    }
    DisposalFiguresRequired {
        article: "民法典第四百三十六条、第四百三十八条；通达网络规则：质押"
            / "Civil Code arts. 436, 438; Tongda network rule: pledges",
        message: "拍卖的价款及其分配应当公开，不能只登记摘要。"
            / "An auction's price and its distribution are public; a digest is not enough.",
        cure: "写明价款、费用、归质权人、余款和不足额。"
            / "Give price, costs, pledgee's part, surplus and deficiency.",
    }
    DisposalDebtNotFixed {
        article: "民法典第四百二十三条、第四百三十九条" / "Civil Code arts. 423, 439",
        message: "最高额质押所担保的债权尚未确定，不能处置。"
            / "The debt that the maximum-amount pledge secures is not fixed, so the patents cannot be disposed of.",
        cure: "债权确定期间届满后再处置；因其他法定情形已经确定的，先用 `tongda pledge change` 登记确定日。"
            / "Dispose after the debt's term has ended; if it was fixed before for another reason, first register \
               the day with `tongda pledge change`.",
    }
    DisposalAboveMaximum {
        article: "民法典第四百二十条、第四百三十九条" / "Civil Code arts. 420, 439",
        message: "归质权人的数额超过最高额，超过部分不能优先受偿。"
            / "The pledgee takes more than the maximum; beyond it, it has no priority.",
        cure: "把归质权人的数额减至最高额以内，其余返还出质人或者另行清偿。"
            / "Reduce the pledgee's part to the maximum; the rest goes to the pledgor or is settled otherwise.",
    }
    DisposalNone {
        article: "民法典第四百三十六条；专利权质押登记办法"
            / "Civil Code art. 436; Measures for the Registration of Patent Pledges",
        message: "以质权实现为由解除质押，但没有登记过处置。"
            / "The pledge is to end as realised, but no disposal is entered.",
        cure: "先用 `tongda pledge dispose` 写入处置；没有处置的，按债务清偿、放弃等实际原因解除。"
            / "First enter the disposal with `tongda pledge dispose`; without one, release the pledge for its \
               true cause, such as payment or waiver.",
    }
}
