//! Word the refusals of the envelope: window, signatures, versions, dates, and who may do what.

super::wording! {
    WrongNetwork {
        article: "通达网络规则：记录" / "Tongda network rule: records",
        message: "该记录是为另一个网络签署的，在本网络没有效力。"
            / "The record was signed for another network and has no effect in this one.",
        cure: "选定本网络，重新签署后提交。" / "Choose this network, sign the act again and submit it.",
    }
    EnvelopeNotYetValid {
        article: "通达网络规则：记录" / "Tongda network rule: records",
        message: "该记录的有效时段尚未开始。" / "The record's window of validity has not begun.",
        cure: "等到有效时段开始后再提交；签署所用的时钟过快的，校准后重新签署。"
            / "Submit it once the window has begun; if the signer's clock runs fast, set it and sign again.",
    }
    EnvelopeExpired {
        article: "通达网络规则：记录" / "Tongda network rule: records",
        message: "该记录在有效时段内没有写入账本，已经过期。"
            / "The record was not entered within its window of validity and has expired.",
        cure: "以新的有效时段重新签署；还有签名未到齐的，签署时写明征集同意的截止时间。"
            / "Sign it again with a new window; if signatures are still missing, name a time for gathering \
               consents.",
    }
    EnvelopeWindow {
        article: "通达网络规则：记录" / "Tongda network rule: records",
        message: "有效时段超过本网络允许的长度，或者止于开始之前。"
            / "The window of validity is longer than this network allows, or ends before it begins.",
        cure: "把有效时段缩短到网络允许的长度（至多二十四小时），重新签署。"
            / "Shorten the window to what the network allows (24 hours at most) and sign again.",
    }
    EnvelopeUsed {
        article: "通达网络规则：记录" / "Tongda network rule: records",
        message: "同一份签署的记录已经写入账本，不能重复生效。"
            / "This very record stands in the log already and cannot take effect twice.",
        cure: "无需再次提交；确要再做一次同样的行为的，重新签署一份记录。"
            / "There is no need to submit it again; to do the same act a second time, sign a new record.",
    }
    AlgorithmNotAccepted {
        article: "电子签名法第十三条；通达网络规则：密钥"
            / "Electronic Signature Law art. 13; Tongda network rule: keys",
        message: "签名所用的算法不是本网络认可的算法。"
            / "A signature uses an algorithm that does not count in this network.",
        cure: "改用本网络认可的算法的密钥签署；没有这种密钥的，先用 `tongda member key` 登记一把。"
            / "Sign with a key of an accepted algorithm; if there is none, first enter one with `tongda \
               member key`.",
    }
    MemberUnknown {
        article: "通达网络规则：成员" / "Tongda network rule: membership",
        message: "提交人或者签名人不是本网络的成员。"
            / "The author or a signer is not a member of this network.",
        cure: "核对成员编号；尚未入网的，先由其交易机构用 `tongda member register` 登记。"
            / "Check the member's id; an organisation not yet enrolled is first enrolled by its exchange \
               with `tongda member register`.",
    }
    MemberSuspended {
        article: "通达网络规则：成员" / "Tongda network rule: membership",
        message: "签名的成员已被暂停或者已经退出，不能签署。"
            / "A member that signed is suspended or has left, and cannot sign.",
        cure: "被暂停的，由其交易机构、监管机构或者登记机构用 `tongda member status` 恢复后再签署；\
               已退出的不能再签署。"
            / "A suspended member signs again once its exchange, a regulator or the registrar restores it \
               with `tongda member status`; one that has left cannot.",
    }
    KeyNotMembers {
        article: "电子签名法第十三条；通达网络规则：密钥"
            / "Electronic Signature Law art. 13; Tongda network rule: keys",
        message: "签名所用的密钥不属于该成员，或者已经被更换、撤销。"
            / "The key that signed is not the member's, or has been replaced or revoked.",
        cure: "用该成员现行的密钥重新签署；新密钥先用 `tongda member key` 登记。"
            / "Sign again with a key that the member holds now; a new key is first entered with `tongda \
               member key`.",
    }
    ThresholdNotMet {
        article: "通达网络规则：签名策略" / "Tongda network rule: signing policy",
        message: "该成员签名的密钥数目少于其签名策略对此类行为的要求。"
            / "Fewer of the member's keys signed than its signing policy asks for an act of this kind.",
        cure: "由该成员的其他密钥持有人补签，达到策略要求的数目后提交。"
            / "Have other holders of the member's keys sign until the policy's number is reached, then \
               submit.",
    }
    AuthorNotSigned {
        article: "电子签名法第十三条；通达网络规则：签名策略"
            / "Electronic Signature Law art. 13; Tongda network rule: signing policy",
        message: "记录上没有提交人自己的签名。" / "The author's own signature is missing.",
        cure: "由提交人用自己的密钥签署；由代理机构代为签署的，先由委托人用 `tongda agency power` 登记委托。"
            / "The author signs with its own key; for an agency to sign for it, the principal first enters a \
               power of attorney with `tongda agency power`.",
    }
    StateStale {
        article: "通达网络规则：记录" / "Tongda network rule: records",
        message: "签署之后，所涉专利的登记状况已经变化；先写入账本的记录优先。"
            / "The patent's state has changed since the act was signed; of two acts the first in the log \
               stands.",
        cure: "查看专利的现状，确认仍要为此行为的，以新的状况为准重新签署。"
            / "Look at the patent as it stands now and, if the act is still wanted, sign it again over that \
               state.",
    }
    PersonalNumber {
        article: "个人信息保护法；GB 11643-1999" / "Personal Information Protection Law; GB 11643-1999",
        message: "文字中含有公民身份号码；账本不可删改，不得写入个人身份号码。"
            / "A text holds somebody's identity number; nothing is deleted from the ledger, so none is entered.",
        cure: "从所示内容中删去号码；需要证明身份的，以加盐摘要代替。并非身份号码的，换一种写法。"
            / "Take the number out of the field named; where identity is to be proved, give a salted digest. If it \
               is no identity number, write it otherwise.",
    }
    ObjectUnknown {
        article: "通达网络规则：记录" / "Tongda network rule: records",
        message: "该行为所指的专利、许可、质押或者其他对象在账本上不存在。"
            / "A patent, licence, pledge or other object that the act names does not exist on the ledger.",
        cure: "核对编号及其校验字符；对象尚未登记的，先办理登记。"
            / "Check the id and its check character; an object that is not on the ledger yet is entered \
               first.",
    }
    EffectiveDate {
        article: "通达网络规则：记录" / "Tongda network rule: records",
        message: "所写日期在将来，或者早于它所依据的事项的日期。"
            / "A date lies in the future, or before the event that it follows.",
        cure: "按文件核对并改正日期（按北京时间的民用日期），重新签署。"
            / "Check the date against the document, correct it (civil dates are Beijing time) and sign again.",
    }
    FieldMissing {
        article: "通达网络规则：记录" / "Tongda network rule: records",
        message: "该行为必备的内容没有填写。" / "Something that the act must contain is left empty.",
        cure: "补齐所指出的内容，重新签署。" / "Fill in what is named and sign again.",
    }
    DuplicateEntry {
        article: "通达网络规则：记录" / "Tongda network rule: records",
        message: "同一事项在该行为中列了两次。" / "The act names the same thing twice.",
        cure: "删去重复的一项，重新签署。" / "Remove the repeated entry and sign again.",
    }
    RegistrarOnly {
        article: "专利法实施细则第一百零六条；通达网络规则：角色"
            / "Implementing Rules r. 106; Tongda network rule: roles",
        message: "登记、公告、备案只能由登记机构写入账本。"
            / "Registration, announcement and recordal are entered by the registrar alone.",
        cure: "向登记机构提出请求和文件，由其签署并写入。"
            / "Bring the request and the documents to the registrar, who signs and enters the record.",
    }
    CourtOnly {
        article: "专利法实施细则第一百零三条、第一百零四条；通达网络规则：角色"
            / "Implementing Rules rr. 103, 104; Tongda network rule: roles",
        message: "此行为只能由人民法院或者登记机构作出。" / "Only a court or the registrar may do this.",
        cure: "请作出裁判的人民法院签署，或者凭其裁定书和协助执行通知书请登记机构写入。"
            / "Have the court that decided sign it, or bring its ruling and the notice of assistance to the \
               registrar.",
    }
    ExchangeOnly {
        article: "通达网络规则：成员" / "Tongda network rule: membership",
        message: "此行为只能由交易机构作出。" / "Only an exchange may do this.",
        cure: "请办理该事项的交易机构核验后签署提交。"
            / "Ask the exchange in charge to verify the matter, sign and submit it.",
    }
    RegulatorOnly {
        article: "通达网络规则：成员" / "Tongda network rule: membership",
        message: "此行为只能由该成员的交易机构、监管机构或者登记机构作出。"
            / "Only the member's exchange, a regulator or the registrar may do this.",
        cure: "请该成员的交易机构、监管机构或者登记机构签署提交。"
            / "Have the member's exchange, a regulator or the registrar sign and submit it.",
    }
    RoleNotGrantable {
        article: "通达网络规则：角色" / "Tongda network rule: roles",
        message: "交易机构不能单独授予该角色。" / "An exchange cannot grant this role by itself.",
        cure: "登记时不写该角色；需要该角色的，按网络的成员规则另行授予，不由一家交易机构决定。"
            / "Leave this role out; it is granted as the network's membership rules provide, not by one \
               exchange alone.",
    }
}
