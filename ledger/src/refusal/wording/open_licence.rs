//! Word the refusals of open licences.

super::wording! {
    OlNotGranted {
        article: "专利法第五十条；专利法实施细则第八十五条；专利审查指南2023第五部分第十一章3.1节"
            / "Patent Law art. 50; Implementing Rules r. 85; Examination Guidelines 2023, Part V ch. 11, 3.1",
        message: "该专利尚未授权公告，不能声明开放许可。"
            / "The patent has not been granted and announced, so it cannot be declared open.",
        cure: "等授权公告由登记机构用 `tongda patent life` 写入后再声明。"
            / "Declare once the registrar has entered the announcement of grant with `tongda patent life`.",
    }
    OlExclusiveActive {
        article: "专利法实施细则第八十六条第一项；专利审查指南2023第五部分第十一章3.1节(1)"
            / "Implementing Rules r. 86(1); Examination Guidelines 2023, Part V ch. 11, 3.1(1)",
        message: "该专利处于独占或者排他许可的有效期限内，不能声明开放许可。"
            / "An exclusive or sole licence is in its term, so the patent cannot be declared open.",
        cure: "等该许可期满，或者由双方用 `tongda licence end` 终止后再声明。"
            / "Declare once that licence's term is over or its parties have ended it with `tongda licence \
               end`.",
    }
    EvalReportRequired {
        article: "专利法第五十条第一款；专利审查指南2023第五部分第十一章3.1节(7)"
            / "Patent Law art. 50(1); Examination Guidelines 2023, Part V ch. 11, 3.1(7)",
        message: "就实用新型、外观设计声明开放许可，应当提供专利权评价报告。"
            / "To declare a utility model or design open, an evaluation report must be supplied.",
        cure: "向国家知识产权局请求作出评价报告，由登记机构用 `tongda patent evalreport` 写入后再声明。"
            / "Request the report from CNIPA; declare once the registrar has entered it with `tongda patent \
               evalreport`.",
    }
    EvalReportNegative {
        article: "专利审查指南2023第五部分第十一章3.1节(8)"
            / "Examination Guidelines 2023, Part V ch. 11, 3.1(8)",
        message: "专利权评价报告的结论为不符合授予专利权的条件，不能声明开放许可。"
            / "The evaluation report concludes that the conditions of grant are not met; the patent cannot \
               be declared open.",
        cure: "报告有误并经更正的，由登记机构用 `tongda patent evalreport` 写入更正后的报告；\
               否则该专利不能开放许可。"
            / "If the report was mistaken and has been corrected, the registrar enters the corrected one \
               with `tongda patent evalreport`; otherwise the patent cannot be openly licensed.",
    }
    OlAlreadyOpen {
        article: "专利法第五十条；通达网络规则：开放许可"
            / "Patent Law art. 50; Tongda network rule: open licences",
        message: "该专利已有尚未结束的开放许可声明。"
            / "The patent has a declaration of open licence that has not ended.",
        cure: "要变更条件的，先用 `tongda open withdraw` 撤回，撤回公告后重新声明。"
            / "To change the terms, withdraw with `tongda open withdraw` and declare anew once the end is \
               announced.",
    }
    OlFieldMissing {
        article: "专利法实施细则第八十五条；专利审查指南2023第五部分第十一章3.3节"
            / "Implementing Rules r. 85; Examination Guidelines 2023, Part V ch. 11, 3.3",
        message: "开放许可声明缺少法定内容，或者许可使用费计算依据的说明缺失、过长。"
            / "The declaration lacks a content that the law requires, or its statement of how the fee was \
               calculated is missing or too long.",
        cure: "写明许可使用费支付方式和标准、许可期限、联系方式，并附简要的费用计算说明（不超过2000字）。"
            / "State how the fee is paid and how much it is, the licence's term and a contact, with a short \
               statement of how the fee was calculated (at most 2,000 characters).",
    }
    OlCommercialText {
        article: "专利审查指南2023第五部分第十一章3.3节" / "Examination Guidelines 2023, Part V ch. 11, 3.3",
        message: "开放许可声明中含有商业性宣传用语。" / "The declaration contains commercial advertising.",
        cure: "删去宣传用语，只作事实陈述，重新提交。"
            / "Remove the advertising, state facts only and submit again.",
    }
    OlTermExceedsPatent {
        article: "专利法第四十二条；民法典第八百六十五条" / "Patent Law art. 42; Civil Code art. 865",
        message: "开放许可的期限超出专利权的有效期限。" / "The open licence's term goes beyond the patent's.",
        cure: "使许可期限的最后一日不晚于专利权期限的最后一日。"
            / "End the licence's term no later than the patent's.",
    }
    OlTermTooShort {
        article: "通达网络规则：参数（法律没有规定最短期限）"
            / "Tongda network rule: parameters (the law names no shortest term)",
        message: "许可期限短于本网络规定的最短期限。"
            / "The licence's term is shorter than this network's minimum.",
        cure: "把许可期限延长到网络规定的最短期限以上。"
            / "Lengthen the term to the network's minimum at least.",
    }
    OlFeeAboveGuide {
        article: "专利审查指南2023第五部分第十一章3.3节（一般不高于）；通达网络规则：参数"
            / "Examination Guidelines 2023, Part V ch. 11, 3.3 (generally not above); Tongda network rule: \
               parameters",
        message: "许可使用费高于本网络采用的开放许可指导标准。"
            / "The fee is above the guide for open licences that this network has adopted.",
        cure: "把费用降到指导标准以内（固定费用一般不高于2000万元，按净销售额提成一般不高于20%，\
               按利润提成一般不高于40%），或者不作开放许可，用 `tongda licence grant` 订立普通许可。"
            / "Lower the fee to the guide (generally not above 20 million yuan fixed, 20% of net sales or \
               40% of profit), or license by contract with `tongda licence grant` instead of openly.",
    }
    OlImplementationPrevented {
        article: "专利法实施细则第八十六条；专利审查指南2023第五部分第十一章3.1节(9)、3.3节"
            / "Implementing Rules r. 86; Examination Guidelines 2023, Part V ch. 11, 3.1(9), 3.3",
        message: "存在其他妨碍专利权有效实施的情形，或者专利权人没有承诺符合开放许可条件。"
            / "Something else prevents the patent's effective implementation, or the owners do not undertake \
               that the conditions of an open licence are met.",
        cure: "消除妨碍实施的情形，并由专利权人在声明中作出符合开放许可条件的承诺。"
            / "Remove what prevents implementation, and have the owners give the undertaking in the \
               declaration.",
    }
    OlState {
        article: "专利法第五十条；专利审查指南2023第五部分第十一章3.5节、第4节"
            / "Patent Law art. 50; Examination Guidelines 2023, Part V ch. 11, 3.5, 4",
        message: "开放许可声明目前所处的阶段不允许此行为。" / "The declaration's state does not allow this.",
        cure: "查看声明的阶段：先声明，后公告；先由专利权人撤回或者出现终止、撤销的事由，后公告结束；\
               结束后不再变更。"
            / "Look at the declaration's state: it is declared, then announced; it is withdrawn, or a ground \
               to end it arises, then its end is announced; after that it no longer changes.",
    }
    OlNotOpen {
        article: "专利法第五十一条第一款；专利审查指南2023第五部分第十一章3.5节"
            / "Patent Law art. 51(1); Examination Guidelines 2023, Part V ch. 11, 3.5",
        message: "该声明尚未公告或者已经结束，专利未处于开放许可状态。"
            / "The declaration is not announced yet or has ended: the patent is not open.",
        cure: "等公告之日起再办理；已经结束的，可以与专利权人协商，用 `tongda licence grant` 订立普通许可。"
            / "Act from the day of the announcement on; if it has ended, agree with the owner on an ordinary \
               licence and enter it with `tongda licence grant`.",
    }
    OlHalted {
        article: "专利法实施细则第八十六条；专利审查指南2023第五部分第十一章第4节、第9节"
            / "Implementing Rules r. 86; Examination Guidelines 2023, Part V ch. 11, 4, 9",
        message: "声明之后出现了不得开放许可的情形或者专利权人已经变更，该开放许可已停止接受新的通知；\
                  在先的许可不受影响。"
            / "A bar arose or the owner changed after the declaration, so it takes no new notices; earlier \
               licences stand.",
        cure: "由现专利权人用 `tongda open withdraw` 撤回；障碍消除后愿意继续的，重新声明。"
            / "The present owner withdraws with `tongda open withdraw` and, once the bar is gone, may \
               declare anew.",
    }
    OlTermsMismatch {
        article: "专利法第五十一条第一款、第三款；专利审查指南2023第五部分第十一章第6节、第8节"
            / "Patent Law arts. 51(1), 51(3); Examination Guidelines 2023, Part V ch. 11, 6, 8",
        message: "通知所写的许可使用费或者期限与公告的条件不一致。"
            / "The notice is over another fee or term than those announced.",
        cure: "按公告的条件重新通知；协商了其他费用的不是开放许可，用 `tongda licence grant` 订立普通许可。"
            / "Give notice over the announced terms; with a negotiated fee it is no open licence, but an \
               ordinary one entered with `tongda licence grant`.",
    }
    OlTermEnded {
        article: "专利法实施细则第八十五条；通达网络规则：开放许可"
            / "Implementing Rules r. 85; Tongda network rule: open licences",
        message: "声明所定的开放许可期限已经届满。"
            / "The term of the open licence in the declaration is over.",
        cure: "请专利权人撤回后重新声明，或者与其协商，用 `tongda licence grant` 订立普通许可。"
            / "Ask the owner to withdraw and declare anew, or agree on an ordinary licence and enter it with \
               `tongda licence grant`.",
    }
    OlUnderpaid {
        article: "专利法第五十一条第一款；专利审查指南2023第五部分第十一章第6节"
            / "Patent Law art. 51(1); Examination Guidelines 2023, Part V ch. 11, 6",
        message: "所付金额少于公告的许可使用费标准，许可尚未生效。"
            / "Less was paid than the announced fee, so the licence is not in force.",
        cure: "补足公告标准的差额，凭全额付款凭证用 `tongda open pay` 重新提交。"
            / "Pay the difference to the announced fee and submit `tongda open pay` again with proof of the \
               full amount.",
    }
    OlPaymentUnconfirmed {
        article: "专利法第五十一条第一款；通达网络规则：付款"
            / "Patent Law art. 51(1); Tongda network rule: payments",
        message: "付款没有经专利权人、交易机构或者银行签名确认。"
            / "No owner, exchange or bank has confirmed the payment by signing.",
        cure: "由任一专利权人，或者见证付款的交易机构、银行在同一记录上签名；专利权人不予确认的，\
               不妨碍交易机构或者银行确认。"
            / "An owner, or an exchange or bank that saw the payment, signs the same record; an owner's \
               silence does not keep an exchange or bank from confirming.",
    }
    PaymentCurrency {
        article: "通达网络规则：付款" / "Tongda network rule: payments",
        message: "付款不是以人民币记载。" / "The payment is not stated in yuan.",
        cure: "以人民币支付，或者按结汇后的人民币金额和凭证填写（CNY）。"
            / "Pay in yuan, or state the yuan amount after exchange (CNY) with its receipt.",
    }
    PaymentDuplicate {
        article: "通达网络规则：付款" / "Tongda network rule: payments",
        message: "该付款凭证已经写入账本，不能再次使用。"
            / "This receipt has been entered already and does not count twice.",
        cure: "核对凭证；另有一笔付款的，附该笔付款自己的凭证。"
            / "Check the receipt; for another payment, attach that payment's own receipt.",
    }
    OlWithdrawConditional {
        article: "专利法第五十条第二款；专利审查指南2023第五部分第十一章第4节"
            / "Patent Law art. 50(2); Examination Guidelines 2023, Part V ch. 11, 4",
        message: "撤回开放许可声明不得附条件。"
            / "No condition may be attached to the withdrawal of an open licence.",
        cure: "删去条件，写明理由，用 `tongda open withdraw` 重新提交；撤回不影响在先给予的许可。"
            / "Remove the condition, give the reason and submit `tongda open withdraw` again; licences \
               granted before are not affected.",
    }
    OlExclusiveForbidden {
        article: "专利法第五十一条第三款" / "Patent Law art. 51(3)",
        message: "该专利正在实行开放许可，不得给予独占或者排他许可。"
            / "While the patent is openly licensed, no exclusive or sole licence of it may be granted.",
        cure: "改为普通许可；或者先用 `tongda open withdraw` 撤回声明，公告后再订立，\
               但在先的开放许可继续有效。"
            / "Grant an ordinary licence; or withdraw with `tongda open withdraw` and grant once the end is \
               announced, minding that earlier open licences stand.",
    }
    OlWithdrawFirst {
        article: "专利审查指南2023第五部分第十一章第9节" / "Examination Guidelines 2023, Part V ch. 11, 9",
        message: "该专利正在开放许可，登记转让或者放弃之前须先撤回声明。"
            / "The patent is openly licensed: before a transfer is registered or the right abandoned, the \
               declaration is withdrawn.",
        cure: "由专利权人用 `tongda open withdraw` 撤回，公告后再办理；受让人愿意继续的，登记后重新声明。"
            / "The owners withdraw with `tongda open withdraw` and go on once the end is announced; a \
               transferee who wishes to continue declares anew after registration.",
    }
}
