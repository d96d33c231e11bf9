//! Word the refusals of proposals, votes, calendars and nodes.

super::wording! {
    ParameterBounds {
        article: "通达网络规则：参数" / "Tongda network rule: parameters",
        message: "所提议的参数值超出本程序允许的范围。"
            / "A proposed value lies beyond the bounds that this program allows.",
        cure: "在允许的范围内提议；新的规则集须先升级程序。"
            / "Propose a value within the bounds; a new rule set takes a program that knows it.",
    }
    CalendarDays {
        article: "专利法实施细则第五条；通达网络规则：日历"
            / "Implementing Rules r. 5; Tongda network rule: calendars",
        message: "日历有误：日期须属于该年、依次递增，休假日不在周末，调休工作日在周末。"
            / "The calendar is wrong: its days stand in the year and ascend, holidays on weekdays and worked \
               days at weekends.",
        cure: "按国务院办公厅的放假安排改正：周末无须列出。"
            / "Correct it by the State Council's notice of holidays; weekends need not be listed.",
    }
    ProposalActivation {
        article: "通达网络规则：治理" / "Tongda network rule: governance",
        message: "提议的生效时间太近，各节点来不及准备。"
            / "The proposal is to count too soon for the nodes to prepare.",
        cure: "把生效时间定在一小时以后。" / "Let it count an hour from now or later.",
    }
    ProposalClosed {
        article: "通达网络规则：治理" / "Tongda network rule: governance",
        message: "该提案已有结果，或者表决期已过。" / "The proposal is decided, or its time for votes is over.",
        cure: "需要的话重新提案。" / "Propose it again if it is still wanted.",
    }
    ProposalNoVote {
        article: "通达网络规则：治理" / "Tongda network rule: governance",
        message: "该交易机构没有运行有表决权的节点。" / "The exchange runs no node that votes.",
        cure: "由运行验证节点的交易机构表决；要取得表决权，先提议加入节点。"
            / "Have an exchange vote that runs a validator; for a vote of its own, propose to add a node first.",
    }
    NodeUnknown {
        article: "通达网络规则：节点" / "Tongda network rule: nodes",
        message: "网络中没有这个名称的节点。" / "The network has no node of this name.",
        cure: "核对节点名称。" / "Check the node's name.",
    }
    NodeNameTaken {
        article: "通达网络规则：节点" / "Tongda network rule: nodes",
        message: "已有这个名称的节点。" / "A node of this name is there already.",
        cure: "换一个名称。" / "Choose another name.",
    }
    NodeLimit {
        article: "通达网络规则：节点" / "Tongda network rule: nodes",
        message: "节点数量已达网络的上限。" / "The network takes no more nodes.",
        cure: "先移除不再使用的节点。" / "Remove a node that is no longer used first.",
    }
    NodeValidators {
        article: "通达网络规则：节点" / "Tongda network rule: nodes",
        message: "变更后没有有效的验证者集合：至少要有一个验证者，表决权之和不得溢出。"
            / "The change leaves no sound set of validators: at least one must vote, and the powers must not \
               overflow.",
        cure: "保留至少一个有表决权的节点，并减小表决权。"
            / "Keep at least one node with power, and give smaller powers.",
    }
    NodeExchange {
        article: "通达网络规则：节点" / "Tongda network rule: nodes",
        message: "节点由运行它的交易机构提议加入、换钥或者变更地址。"
            / "A node is added, rekeyed or moved on the proposal of the exchange that runs it.",
        cure: "由运行该节点的交易机构提议。" / "Have the exchange that runs the node propose it.",
    }
}
