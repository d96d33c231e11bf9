//! Word the refusals of credit supervision.

super::wording! {
    CreditRegulatorOnly {
        article: "专利法实施细则第一百条；通达网络规则：信用监管"
            / "Implementing Rules r. 100; Tongda network rule: credit supervision",
        message: "信用事件只能由知识产权管理部门写入和修复。"
            / "Only a regulator enters and repairs credit events.",
        cure: "由知识产权管理部门签署。" / "Let a regulator sign.",
    }
    CreditGround {
        article: "专利法实施细则第八十八条、第一百条；通达网络规则：信用监管"
            / "Implementing Rules rr. 88, 100; Tongda network rule: credit supervision",
        message: "账本上没有所称的事实：声明未被撤销，或者案件没有逾期未履行，或者该成员与之无关。"
            / "The ledger does not show the ground: the declaration was not revoked, nothing in the case is \
               overdue, or the member has no part in it.",
        cure: "先写入撤销声明的公告或者案件的结果和履行期限；代理失信只能记于代理机构。"
            / "First enter the declaration's revocation, or the case's result with its deadline; dishonest agency \
               is an agency's.",
    }
    CreditMemberRequired {
        article: "通达网络规则：信用监管" / "Tongda network rule: credit supervision",
        message: "当事成员没有签名。" / "The member concerned has not signed.",
        cure: "异议和修复由当事成员签名提出。" / "The member itself signs its appeal, and the repair.",
    }
    CreditState {
        article: "通达网络规则：信用监管" / "Tongda network rule: credit supervision",
        message: "该信用事件目前所处的阶段不允许此行为。" / "The entry's state does not allow this.",
        cure: "查看其阶段：写入后可以异议一次，异议后作出决定，终局后可以修复。"
            / "Look at its state: an entry is appealed against once, the appeal is decided, a final entry may be \
               repaired.",
    }
    CreditAppealLate {
        article: "通达网络规则：信用监管" / "Tongda network rule: credit supervision",
        message: "提出异议的期限已过，该信用事件已经终局。"
            / "The time for an appeal is over, and the entry is final.",
        cure: "纠正失信行为后申请修复；写入有误的，请原管理部门用 `tongda credit decide` 撤销。"
            / "Make good and apply for a repair; if the entry is wrong, ask the regulator to cancel it with \
               `tongda credit decide`.",
    }
    CreditDecider {
        article: "通达网络规则：信用监管" / "Tongda network rule: credit supervision",
        message: "写入信用事件的部门不能单独决定维持，须有另一管理部门或者交易机构签名；当事成员也不能决定。"
            / "Whoever entered the event does not uphold it alone: another regulator or an exchange signs too; \
               nor does the member concerned decide.",
        cure: "由另一管理部门或者交易机构作出或者会签决定；原部门可以自行撤销。"
            / "Let another regulator or an exchange decide or sign with it; who entered it may cancel it alone.",
    }
    CreditNotFinal {
        article: "通达网络规则：信用监管" / "Tongda network rule: credit supervision",
        message: "该信用事件尚未终局：异议期未满，或者异议尚未决定。"
            / "The entry is not final: the time for an appeal runs, or the appeal is not decided.",
        cure: "等异议期届满或者异议有决定后再修复；认为有误的，用 `tongda credit appeal` 提出异议。"
            / "Repair it after the time for an appeal or the decision; if it is wrong, appeal with `tongda credit \
               appeal`.",
    }
    CreditNotPerformed {
        article: "通达网络规则：信用监管" / "Tongda network rule: credit supervision",
        message: "因拒不履行而记入的案件仍未履行。"
            / "The case for whose refusal the entry stands has not been performed.",
        cure: "先履行，由申请人或者受理机构用 `tongda case perform` 写入后再修复。"
            / "First perform it, and have the claimant or the forum enter that with `tongda case perform`.",
    }
}
