//! Word the refusals of licences, their recordal and the export of technology.

super::wording! {
    LicenceTermExceedsPatent {
        article: "民法典第八百六十五条；专利法第四十二条" / "Civil Code art. 865; Patent Law art. 42",
        message: "许可期限超出专利权的有效期限。" / "The licence's term goes beyond the patent's.",
        cure: "使许可期限的最后一日不晚于每一专利权期限的最后一日。"
            / "End the licence's term no later than the term of each patent.",
    }
    LicenceConflict {
        article: "最高人民法院关于审理技术合同纠纷案件适用法律若干问题的解释第二十五条；\
                  专利实施许可合同备案办法"
            / "Supreme People's Court Interpretation on Technology Contract Disputes art. 25; Measures for \
               the Recordal of Patent Licence Contracts",
        message: "在地域、领域、实施方式和时间上与另一项有效许可冲突。"
            / "In territory, field, acts and time the licence conflicts with another that is in force.",
        cure: "调整地域、领域、实施方式或者期限以避开重叠，改为普通许可，\
               或者先用 `tongda licence end` 终止在先许可。在先的独占、排他许可与新的普通许可同样冲突。"
            / "Change territory, field, acts or term so that they do not overlap, make the licence an \
               ordinary one, or first end the earlier licence with `tongda licence end`. An earlier \
               exclusive or sole licence bars a new ordinary one too.",
    }
    LicenceState {
        article: "通达网络规则：许可" / "Tongda network rule: licences",
        message: "该许可已经期满或者终止，不允许此行为。"
            / "The licence has expired or ended and does not allow this.",
        cure: "查看许可的状态；需要继续使用的，用 `tongda licence grant` 订立新的许可。"
            / "Look at the licence's state; to go on using the patent, enter a new one with `tongda licence \
               grant`.",
    }
    LicenseeRequired {
        article: "专利法第十二条" / "Patent Law art. 12",
        message: "被许可人没有签名。" / "The licensee has not signed.",
        cure: "由被许可人在同一记录上签名，或者在征集期限内用 `tongda consent give` 表示同意。"
            / "The licensee signs the same record, or consents with `tongda consent give` while consents are \
               gathered.",
    }
    LicenseeOwns {
        article: "专利法第十四条第一款、第五十一条第一款" / "Patent Law arts. 14(1), 51(1)",
        message: "通知人是该专利的专利权人，可以自行实施，不须取得开放许可。"
            / "Who gives notice owns the patent and may use it without taking an open licence.",
        cure: "不必通知；由专利权人以外的单位或者个人以自己的名义通知。"
            / "No notice is needed; one who is no owner gives notice in its own name.",
    }
    LicencePartyRequired {
        article: "专利法第十二条；专利法实施细则第十五条第二款、第八十七条"
            / "Patent Law art. 12; Implementing Rules rr. 15(2), 87",
        message: "须由许可的当事人签名而没有签名。" / "A party to the licence must sign and has not.",
        cure: "备案由许可人或者被许可人任一方签名；协议终止由双方签名；未到齐的，\
               可以用 `tongda consent give` 补足。"
            / "For recordal the licensor or the licensee signs; to end the licence by agreement both sign, \
               or consent with `tongda consent give`.",
    }
    SublicenceNotPermitted {
        article: "专利法第十二条；民法典第八百六十七条；\
                  最高人民法院关于审理技术合同纠纷案件适用法律若干问题的解释第二十五条"
            / "Patent Law art. 12; Civil Code art. 867; Supreme People's Court Interpretation on Technology \
               Contract Disputes art. 25",
        message: "原许可不允许这一再许可：合同没有约定可以再许可，或者超出了原许可的范围。"
            / "The licence above does not permit this sublicence: the contract does not say so, or it is \
               wider than the licence itself.",
        cure: "取得许可人同意并订立允许再许可的许可；再许可除另有约定外为普通许可，范围和期限不超出原许可。"
            / "Obtain from the licensor a licence that permits sublicensing; unless otherwise agreed the \
               sublicence is an ordinary one, within the scope and term of the licence above.",
    }
    FeeShareMissing {
        article: "专利法第十四条第一款" / "Patent Law art. 14(1)",
        message: "没有写明使用费在共有人之间的分配，或者份额之和不等于10000个基点。"
            / "The co-owners' shares of the fee are missing or do not sum to 10,000 basis points.",
        cure: "为每一共有人写明使用费份额，合计10000个基点；单独许可收取的使用费也应当在共有人之间分配。"
            / "Give every co-owner's share, 10,000 basis points in all; a fee from a licence that one \
               co-owner grants alone is shared too.",
    }
    ProceedsAllocationRequired {
        article: "民法典第四百四十四条第二款" / "Civil Code art. 444(2)",
        message: "专利权已经出质，须写明所得价款用于提前清偿债务还是提存。"
            / "The patent is pledged: it must be said whether the proceeds prepay the secured debt or are \
               deposited.",
        cure: "与质权人约定后写明提前清偿或者提存。"
            / "Agree with the pledgee and state prepayment or deposit.",
    }
    RecordalDuplicate {
        article: "专利法实施细则第十五条第二款、第八十七条；专利实施许可合同备案办法"
            / "Implementing Rules rr. 15(2), 87; Measures for the Recordal of Patent Licence Contracts",
        message: "该许可已经备案，或者该编号已被使用。"
            / "The licence is recorded already, or the number has been given before.",
        cure: "查看已有的备案；编号有误的，由登记机构以正确的编号写入。"
            / "Look at the recordal that exists; if the number is wrong, the registrar enters the right one.",
    }
    RecordalNumber {
        article: "通达网络规则：备案" / "Tongda network rule: recordal",
        message: "编号的类型不符：许可备案号以X开头，质押登记号以Y开头。"
            / "The number is of another kind of record: recordals of licences begin with X, registrations of \
               pledges with Y.",
        cure: "按备案或者登记通知书核对并改正编号。"
            / "Check the number against the notification of recordal or registration and correct it.",
    }
    ProofMissing {
        article: "专利法实施细则第十五条、第八十七条；专利审查指南2023第五部分第十一章第7节"
            / "Implementing Rules rr. 15, 87; Examination Guidelines 2023, Part V ch. 11, 7",
        message: "缺少书面证明文件。" / "The written proof is missing.",
        cure: "附上合同的摘要值；开放许可附通知和付款凭证两项的摘要值；依法律文书办理的附该文书的摘要值。"
            / "Attach the digest of the contract; for an open licence those of the notice and of the payment \
               voucher; for a judgment or the like that of the document.",
    }
    ExportDocRequired {
        article: "专利法第十条第二款；技术进出口管理条例第三十条、第三十二条、第三十六条至第三十九条；\
                  专利审查指南2023第五部分第十一章第6节"
            / "Patent Law art. 10(2); Regulations on Technology Import and Export arts. 30, 32, 36-39; \
               Examination Guidelines 2023, Part V ch. 11, 6",
        message: "中国的单位或者个人向境外转让、许可专利，缺少技术出口文件。"
            / "A Chinese owner transfers or licenses the patent abroad, and the export document is missing.",
        cure: "属于自由出口的，办理合同登记并附登记证书的摘要值；属于限制出口的，附技术出口许可证的摘要值。\
               港澳台的受让人、被许可人参照办理。"
            / "For technology free to export, register the contract and attach the certificate's digest; for \
               restricted technology that of the export licence. Hong Kong, Macao and Taiwan are treated \
               alike.",
    }
    ExportForbidden {
        article: "技术进出口管理条例第二十九条" / "Regulations on Technology Import and Export art. 29",
        message: "该技术属于禁止出口的技术，不得向境外转让或者许可。"
            / "The technology is banned from export and is not transferred or licensed abroad.",
        cure: "没有补救办法；只能转让或者许可给中国境内的单位或者个人。归类有误的，\
               取得主管部门的认定后按其类别重新提交。"
            / "There is no cure but a Chinese transferee or licensee. If the classification is mistaken, \
               obtain the authority's finding and submit again under the right class.",
    }
    LicenceChangeTooEarly {
        article: "专利实施许可合同备案办法第十六条"
            / "Measures for the Recordal of Patent Licence Contracts art. 16",
        message: "已备案的许可只能在期限届满前的规定月数内延长。"
            / "A recorded licence is prolonged only within the months before its last day that the measures name.",
        cure: "在所示日期之间延长；或者另行订立在后的许可。"
            / "Prolong it between the days named, or grant a later licence.",
    }
    LicenceNotContract {
        article: "专利法第五十一条、第六十条；专利审查指南2023第五部分第十一章第8节"
            / "Patent Law arts. 51, 60; Examination Guidelines 2023, Part V ch. 11, 8",
        message: "该许可依据开放许可声明或者强制许可决定，不由当事人协议变更，也不作为合同备案或者协议终止。"
            / "The licence rests on an open declaration or on a decision for a compulsory licence: its parties do \
               not change it by agreement, nor is it recorded or ended as their contract.",
        cure: "开放许可：终止后另行订立普通许可；强制许可：由登记机构依据决定写入其给予和终止。"
            / "Of an open licence: end it and agree on an ordinary one; of a compulsory one: the registrar enters \
               the authority's decision to grant or to end it.",
    }
    SublicenceExceeds {
        article: "民法典第八百六十七条；最高人民法院关于审理技术合同纠纷案件适用法律若干问题的解释第二十五条"
            / "Civil Code art. 867; Supreme People's Court Interpretation on Technology Contract Disputes art. 25",
        message: "变更后，现有的再许可将超出该许可的范围、期限，或者失去再许可权。"
            / "After the change a sublicence would go beyond the licence's scope or term, or lack the right to it.",
        cure: "先变更或者终止所示的再许可。" / "First change or end the sublicence named.",
    }
    RecordalNone {
        article: "专利实施许可合同备案办法第十八条"
            / "Measures for the Recordal of Patent Licence Contracts art. 18",
        message: "该许可没有备案，或者备案已经注销。"
            / "The licence is not recorded, or its recordal has been cancelled.",
        cure: "不必注销；核对许可的编号。" / "Nothing is to be cancelled; check which licence is meant.",
    }
    CompulsoryTooEarly {
        article: "专利法第五十三条第一项" / "Patent Law art. 53(1)",
        message: "以未实施为由的强制许可，须自授权之日起满三年且自申请日起满四年。"
            / "For want of working a compulsory licence is granted three years after the grant and four after the \
               filing at the earliest.",
        cure: "待期限届满；授权日或者申请日未知的，由登记机构更正补入。"
            / "Wait until both are over; where a date is unknown the registrar enters it by correction.",
    }
    CompulsoryGround {
        article: "专利法第五十三条至第五十六条" / "Patent Law arts. 53-56",
        message: "强制许可的理由不成立：只及于发明和实用新型；从属专利须为被许可人所有、有效且申请在后。"
            / "The ground is not given: only inventions and utility models are licensed compulsorily, and a dependent \
               patent is the licensee's, in force and filed later.",
        cure: "核对决定所载的专利、被许可人和理由。"
            / "Compare patent, licensee and ground with the decision.",
    }
    RoyaltyNone {
        article: "通达网络规则：使用费" / "Tongda network rule: royalties",
        message: "该许可免费或者一次性付费，没有按期的使用费。"
            / "The licence is free or paid once: no royalty falls due by period.",
        cure: "不必报告。" / "No report is needed.",
    }
    RoyaltyPeriod {
        article: "通达网络规则：使用费" / "Tongda network rule: royalties",
        message: "报告期间尚未结束，或者不在许可有效的期间内。"
            / "The period is not over, or lies outside the time in which the licence is in force.",
        cure: "改为所示期间之内、已经结束的期间。" / "Report a period that is over and lies within the days named.",
    }
    RoyaltyOverlap {
        article: "通达网络规则：使用费" / "Tongda network rule: royalties",
        message: "该期间的一部分已经报告。" / "Part of the period is reported already.",
        cure: "改为不重叠的期间；报告有误的，由许可人先提出异议。"
            / "Report a period that does not overlap; if the earlier report is wrong, the licensor disputes it first.",
    }
    RoyaltyConfidential {
        article: "专利实施许可合同备案办法；通达网络规则：保密"
            / "Measures for the Recordal of Patent Licence Contracts; Tongda network rule: confidentiality",
        message: "协商的使用费不公开，金额不写入账本。"
            / "A negotiated fee is not public: its amounts do not stand on the ledger.",
        cure: "改用加盐摘要；只有开放许可的使用费可以写明金额。"
            / "Give salted digests; only under an open licence may amounts be public.",
    }
    RoyaltyState {
        article: "通达网络规则：使用费" / "Tongda network rule: royalties",
        message: "该报告已经得到答复。" / "The report has been answered.",
        cure: "查看答复；有异议的期间由被许可人重新报告。"
            / "Look at the answer; a disputed period is reported anew by the licensee.",
    }
}
