//! Word the refusals of owners and of those whose consent they need.

super::wording! {
    NotOwner {
        article: "专利法第十条、第十二条、第五十条" / "Patent Law arts. 10, 12, 50",
        message: "行为人不是登记簿上的专利权人，无权处分该专利。"
            / "Who acts is not the owner in the register and cannot dispose of the patent.",
        cure: "由登记的专利权人提出；权利已经转移的，先由登记机构登记转移。"
            / "Have the registered owner act; if the right has passed, the registrar registers that first.",
    }
    OwnerNotMember {
        article: "电子签名法第十三条；通达网络规则：成员"
            / "Electronic Signature Law art. 13; Tongda network rule: membership",
        message: "有专利权人尚未与本网络的成员关联，不能签名。"
            / "An owner is not linked to a member of this network and so cannot sign.",
        cure: "由该专利权人的交易机构为其办理成员登记，再由登记机构用 `tongda party link` 关联后签署。"
            / "The owner's exchange enrols it, the registrar links it with `tongda party link`, and then it \
               signs.",
    }
    CoOwnerConsentRequired {
        article: "专利法第十四条；专利审查指南2023第五部分第十一章3.2节"
            / "Patent Law art. 14; Examination Guidelines 2023, Part V ch. 11, 3.2",
        message: "行使共有的专利权须取得全体共有人同意，尚有共有人未签名。共有人另有约定的从其约定；\
                  没有约定的，单独实施和单独给予普通许可不须同意，声明、撤回开放许可仍须全体同意。"
            / "Exercising a co-owned right takes the consent of all co-owners, and one has not signed. Their \
               agreement comes first; without one, a co-owner may alone use the patent or grant an ordinary \
               licence, but an open licence is declared and withdrawn by all.",
        cure: "由其余共有人在同一记录上签名；或者签署时写明征集期限，由其用 `tongda consent give` 表示同意。"
            / "The other co-owners sign the same record; or name a time for gathering consents when signing, \
               and they consent with `tongda consent give`.",
    }
    PledgeeConsentRequired {
        article: "民法典第四百四十四条第二款；专利权质押登记办法；专利审查指南2023第五部分第十一章3.1节(4)"
            / "Civil Code art. 444(2); Measures for the Registration of Patent Pledges; Examination \
               Guidelines 2023, Part V ch. 11, 3.1(4)",
        message: "该专利权已经出质，未经质权人同意，不得转让、许可、声明开放许可或者放弃。"
            / "The patent is pledged: without the pledgee's consent it is not transferred, licensed, \
               declared open or abandoned.",
        cure: "请质权人在同一记录上签名，或者事先用 `tongda pledge consent` 登记同意；债务已清偿的，\
               先由质权人用 `tongda pledge release` 解除。"
            / "The pledgee signs the same record or consents in advance with `tongda pledge consent`; if the \
               debt is paid, it first releases the pledge with `tongda pledge release`.",
    }
}
