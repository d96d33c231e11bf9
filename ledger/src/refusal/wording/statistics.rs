//! Word the refusals of statistics, reports and projects.

super::wording! {
    StatPublisher {
        article: "国办发〔2023〕37号第八项；通达网络规则：统计"
            / "State Council Office 2023 No. 37, 8; Tongda network rule: statistics",
        message: "统计数据由统计机构或者交易机构发布。"
            / "A statistic is released by a statistics office or an exchange.",
        cure: "由统计机构或者交易机构发布。" / "Have a statistics office or an exchange release it.",
    }
    StatSeal {
        article: "通达网络规则：统计" / "Tongda network rule: statistics",
        message: "统计所依据的区块封印尚不存在。" / "The seal from which it is counted is not there yet.",
        cure: "写明已经提交的区块封印在日志中的位置。"
            / "Name the log index of the seal of a committed block.",
    }
    StatCut {
        article: "通达网络规则：统计" / "Tongda network rule: statistics",
        message: "一次发布的各单元格须按同一口径划分。" / "The cells of a release are all cut in one way.",
        cure: "每种口径单独发布。" / "Release each cut by itself.",
    }
    StatUnit {
        article: "通达网络规则：统计" / "Tongda network rule: statistics",
        message: "数值的单位与该指标不符。" / "The unit of a figure is not the indicator's.",
        cure: "按该指标的单位（数量、金额或者比例）填写。"
            / "Give it in the indicator's unit: a count, an amount or a ratio.",
    }
    StatCell {
        article: "统计法；通达网络规则：统计"
            / "Statistics Law; Tongda network rule: statistics",
        message: "单元格的贡献者过少，公布其数值会泄露个别单位的情况。"
            / "So few contribute to the cell that its figure would tell of them.",
        cure: "不公布该单元格的数值，或者与其他单元格合并。"
            / "Suppress the figure, or merge the cell with others.",
    }
    StatRevision {
        article: "通达网络规则：统计" / "Tongda network rule: statistics",
        message: "所修订的统计是他人发布的、指标或者期间不同，或者已经被修订。"
            / "The release to be revised is another's, of another indicator or period, or revised already.",
        cure: "由原发布者修订最近一次的发布。" / "Have its publisher revise the latest release.",
    }
    StatRegulator {
        article: "国办发〔2023〕37号第十二项至第十五项；通达网络规则：统计"
            / "State Council Office 2023 No. 37, 12 to 15; Tongda network rule: statistics",
        message: "此行为须由知识产权管理部门作出或者共同签名。"
            / "A regulator does this, or signs it too.",
        cure: "由知识产权管理部门签名。" / "Have a regulator sign.",
    }
    ProjectResultDuplicate {
        article: "国办发〔2023〕37号第十二项；通达网络规则：项目"
            / "State Council Office 2023 No. 37, 12; Tongda network rule: projects",
        message: "该项目这一年度的成果已经报告。" / "The project's result of this year has been reported.",
        cure: "报告尚未报告的年度。" / "Report a year that has not been reported.",
    }
}
