//! Word the refusals of patents made with public funds, and of the distribution of income.

super::wording! {
    FundFunder {
        article: "科学技术进步法第三十二条；国办发〔2023〕37号第六项"
            / "Law on Progress of Science and Technology art. 32; State Council Office 2023 No. 37, 6",
        message: "此行为须由该项目的管理部门（资助方）作出，所指成员不是资助方，或者资助方没有签名。"
            / "This takes the project's funder: the member named is no funder, or the funder has not signed.",
        cure: "写明并由声明中的项目管理部门签名。" / "Name the project's funder, and have it sign.",
    }
    FundDeclared {
        article: "国办发〔2023〕37号第六项；国知发运字〔2024〕3号"
            / "State Council Office 2023 No. 37, 6; CNIPA 2024 No. 3 (utilisation)",
        message: "该专利的这一资助项目已经声明，或者声明的项目已达上限。"
            / "This project has been declared for the patent, or as many projects have as an entry takes.",
        cure: "无须重复声明；项目有误的，由登记机构更正。"
            / "No second declaration is needed; what is wrong, the registrar corrects.",
    }
    FundNotDeclared {
        article: "国办发〔2023〕37号第六项；国知发运字〔2024〕3号"
            / "State Council Office 2023 No. 37, 6; CNIPA 2024 No. 3 (utilisation)",
        message: "该专利没有声明由这一财政资助项目形成。"
            / "The patent has not been declared as made with the funds of this project.",
        cure: "由专利权人用 `tongda funding declare` 声明，并核对项目的摘要值。"
            / "Have the owner declare it with `tongda funding declare`, and check the project's digest.",
    }
    FundVerified {
        article: "国办发〔2023〕37号第六项；国知发运字〔2024〕3号"
            / "State Council Office 2023 No. 37, 6; CNIPA 2024 No. 3 (utilisation)",
        message: "这一声明已经核验。" / "The declaration has been verified already.",
        cure: "无须再次核验。" / "Nothing more is needed.",
    }
    FundNotVerified {
        article: "国办发〔2023〕37号第六项；国知发运字〔2024〕3号"
            / "State Council Office 2023 No. 37, 6; CNIPA 2024 No. 3 (utilisation)",
        message: "资助方尚未核验这一声明，不能据以作出决定。"
            / "The funder has not verified the declaration, so nothing is decided on it.",
        cure: "先由资助方用 `tongda funding verify` 核验。" / "Have the funder verify it with `tongda funding verify` first.",
    }
    FundClockRunning {
        article: "科学技术进步法第三十二条；国办发〔2023〕37号第六项"
            / "Law on Progress of Science and Technology art. 32; State Council Office 2023 No. 37, 6",
        message: "该专利的实施期限尚未届满，或者账本上已有实施、许可、转让的记载。"
            / "The time for implementing the patent has not run out, or a use, licence or transfer of it \
               stands on the ledger.",
        cure: "等期限届满；已经实施的，无须决定。"
            / "Wait until the time has run out; an implemented patent needs no decision.",
    }
    FundStateUse {
        article: "科学技术进步法第三十二条" / "Law on Progress of Science and Technology art. 32",
        message: "国家对该专利的实施已有决定。" / "The State's use of the patent has been decided already.",
        cure: "查看原决定。" / "Look at the earlier decision.",
    }
    FundReportDuplicate {
        article: "科学技术进步法第三十二条" / "Law on Progress of Science and Technology art. 32",
        message: "该专利这一年度的实施和保护情况已经报告。"
            / "The patent's implementation and protection in this year has been reported.",
        cure: "报告尚未报告的年度。" / "Report a year that has not been reported.",
    }
    IncomeSource {
        article: "促进科技成果转化法第四十三条、第四十五条"
            / "Law on Promoting the Transformation of Scientific and Technological Achievements arts. 43, 45",
        message: "所指的许可或者转让不是该单位的，或者转让尚未登记，没有可分配的收益。"
            / "The licence or transfer is not the institution's, or the transfer is not registered: there is \
               no income to distribute.",
        cure: "写明由该单位许可或者已经登记的转让。"
            / "Name a licence by the institution, or a transfer by it that is registered.",
    }
    IncomeShareLow {
        article: "促进科技成果转化法第四十五条"
            / "Law on Promoting the Transformation of Scientific and Technological Achievements art. 45",
        message: "给予完成、转化职务科技成果有重要贡献人员的份额低于法定比例，又没有写明单位的规定或者约定。"
            / "The inventors' share is below the law's, and no rules or agreement of the institution are named.",
        cure: "提高份额，或者写明单位规定、约定的摘要值。"
            / "Raise the share, or name the digest of the institution's rules or agreement.",
    }
    IncomeSharesSum {
        article: "促进科技成果转化法第四十五条"
            / "Law on Promoting the Transformation of Scientific and Technological Achievements art. 45",
        message: "各发明人的份额之和不等于全部。" / "The inventors' parts do not sum to the whole.",
        cure: "改正份额，使其和为 10,000 个基点。" / "Correct them to sum to 10,000 basis points.",
    }
}
