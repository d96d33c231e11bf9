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
        message: "质押须由出质人和质权人共同申请，质权人没有签名。"
            / "Pledgor and pledgee apply together, and the pledgee has not signed.",
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
        cure: "写明许可、转让、声明开放许可或者放弃专利权中的一类行为，重新签署。"
            / "Name one of: grant of a licence, transfer, declaration of an open licence, abandonment; and \
               sign again.",
    }
}
