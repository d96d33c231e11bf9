//! Word the refusals of patents: numbers, dates, owners, life, annuities, preservation, evaluation and correction.

super::wording! {
    PatentNumberTaken {
        article: "通达网络规则：专利" / "Tongda network rule: patents",
        message: "该专利号已经在账本上登记。" / "A patent with this number is on the ledger already.",
        cure: "使用已有的专利记录；内容有误的，由登记机构用 `tongda patent correct` 更正。"
            / "Use the entry that exists; if it is wrong, the registrar corrects it with `tongda patent \
               correct`.",
    }
    PatentDates {
        article: "专利法第四十二条；通达网络规则：专利" / "Patent Law art. 42; Tongda network rule: patents",
        message: "申请日、授权公告日等日期互相矛盾。"
            / "The dates of filing, grant and the like contradict one another.",
        cure: "按登记簿核对各日期；专利权期限自申请日而非优先权日起计算。"
            / "Check the dates against the register; the term counts from the filing date, not the priority \
               date.",
    }
    PatentClassKind {
        article: "通达网络规则：专利" / "Tongda network rule: patents",
        message: "分类号与专利类型不符：发明和实用新型用国际专利分类，外观设计用洛迦诺分类。"
            / "The classification does not fit the kind of patent: inventions and utility models have an IPC \
               symbol, designs a Locarno class.",
        cure: "改填与专利类型相符的分类号；不知道的，留空。"
            / "Give the classification that fits the kind of patent, or leave it out if it is unknown.",
    }
    OwnersMissing {
        article: "通达网络规则：专利" / "Tongda network rule: patents",
        message: "没有列出专利权人。" / "No owner is named.",
        cure: "至少列出一名专利权人；其尚未登记的，先由登记机构用 `tongda party register` 登记。"
            / "Name at least one owner; one not on the ledger yet is first entered by the registrar with \
               `tongda party register`.",
    }
    OwnersShares {
        article: "专利法第十四条；通达网络规则：专利" / "Patent Law art. 14; Tongda network rule: patents",
        message: "共有人的份额之和不等于10000个基点。"
            / "The co-owners' shares do not sum to 10,000 basis points.",
        cure: "按共有人的约定为每一共有人填写份额并使其合计10000个基点；没有约定份额的，一律不填。"
            / "Give every co-owner's share as agreed, 10,000 basis points in all; if no shares are agreed, \
               give none.",
    }
    PatentNotInForce {
        article: "专利法第四十二条、第四十四条；民法典第八百六十五条；\
                  专利审查指南2023第五部分第十一章3.1节(5)"
            / "Patent Law arts. 42, 44; Civil Code art. 865; Examination Guidelines 2023, Part V ch. 11, \
               3.1(5)",
        message: "该专利权因未缴年费、期限届满或者书面放弃已经终止，不在有效期内。"
            / "The right is no longer in force: it lapsed for an unpaid annuity, its term ran out or it was \
               abandoned.",
        cure: "因未缴年费终止而有正当理由的，可以依专利法实施细则第六条在规定期限内请求恢复，\
               恢复登记后再办理；期限届满或者书面放弃的不能恢复。"
            / "A right lapsed for an unpaid annuity may be restored for a justified reason, on a request in \
               time, under Implementing Rules r. 6; act once that is entered. A right that expired or was \
               abandoned is not restored.",
    }
    PatentInvalidated {
        article: "专利法第四十六条、第四十七条；专利审查指南2023第五部分第十一章3.1节(6)"
            / "Patent Law arts. 46, 47; Examination Guidelines 2023, Part V ch. 11, 3.1(6)",
        message: "该专利权已被宣告全部无效，视为自始即不存在。"
            / "The right was declared wholly invalid and is deemed never to have existed.",
        cure: "不能再就该专利办理，请将其从行为中删去；已经履行的许可和转让，依专利法第四十七条处理。"
            / "Nothing more can be done with this patent: take it out of the act. Licences and transfers \
               already performed are governed by Patent Law art. 47.",
    }
    PatentTermUnknown {
        article: "专利法第四十二条" / "Patent Law art. 42",
        message: "账本上没有该专利的申请日，无法确定其保护期限。"
            / "The ledger does not have the patent's filing date, so its term cannot be told.",
        cure: "由登记机构用 `tongda patent correct` 补登申请日。"
            / "The registrar enters the filing date with `tongda patent correct`.",
    }
    PatentFrozen {
        article: "专利法实施细则第一百零三条至第一百零五条；专利审查指南2023第五部分第十一章3.1节(2)"
            / "Implementing Rules rr. 103-105; Examination Guidelines 2023, Part V ch. 11, 3.1(2)",
        message: "该专利正处于人民法院保全或者因权属纠纷中止的期间，有关程序停止办理。"
            / "The patent is preserved by a court or suspended in an ownership dispute; procedures on it \
               stand still.",
        cure: "等期间届满，或者请人民法院、登记机构用 `tongda patent unfreeze` 解除后再办理。"
            / "Wait until the period ends, or have the court or the registrar lift it with `tongda patent \
               unfreeze`.",
    }
    AnnuityOverdue {
        article: "专利法实施细则第八十六条、第一百一十五条；专利审查指南2023第五部分第十一章3.1节(3)；\
                  专利权质押登记办法"
            / "Implementing Rules rr. 86, 115; Examination Guidelines 2023, Part V ch. 11, 3.1(3); Measures \
               for the Registration of Patent Pledges",
        message: "该专利有年费未按规定缴纳，正处于滞纳期。"
            / "An annuity was not paid as required and is in its period of grace.",
        cure: "在滞纳期内补缴年费和应缴的滞纳金，由登记机构用 `tongda patent annuity` 写入后再办理。"
            / "Pay the annuity and any surcharge within the grace period; act once the registrar has entered \
               the payment with `tongda patent annuity`.",
    }
    LifeTransition {
        article: "专利法第四十二条、第四十四条、第四十六条；专利法实施细则第六条"
            / "Patent Law arts. 42, 44, 46; Implementing Rules r. 6",
        message: "该专利目前的法律状态不允许这一变更。"
            / "The patent's legal status does not allow this change.",
        cure: "查看专利的法律状态，按顺序写入：先授权，后终止或者无效；只有因未缴年费终止的权利可以恢复。"
            / "Look at the patent's status and enter events in order: first the grant, then its end; only a \
               right lapsed for an unpaid annuity is restored.",
    }
    TermOverrideNoDecision {
        article: "专利法第四十二条第二款、第三款" / "Patent Law arts. 42(2), 42(3)",
        message: "专利权期限只能依补偿决定延长，记录没有附决定。"
            / "A term is extended only by a decision on compensation, and the record carries none.",
        cure: "附上期限补偿决定书的摘要值后重新提交。"
            / "Attach the digest of the decision on term compensation and submit again.",
    }
    AnnuityOrder {
        article: "专利法实施细则第一百一十五条" / "Implementing Rules r. 115",
        message: "所填年费年度不在专利期限内，或者与此前的年费记录、专利权现状不衔接。"
            / "The annuity's patent year lies outside the patent's term, or does not follow what was entered before.",
        cure: "核对专利年度，写入最近一次已缴年度之后的年度；专利权已终止的，先写入恢复。"
            / "Check the patent year, and enter one after the last that was paid; a right that has ended is first \
               restored.",
    }
    ReductionNotCumulative {
        article: "专利法第五十一条第二款；专利法实施细则第八十七条；专利审查指南2023第五部分第十一章第8节"
            / "Patent Law art. 51(2); Implementing Rules r. 87; Examination Guidelines 2023, Part V ch. 11, 8",
        message: "年费减免不适用于此项年费，或者与其他减免重复；两项减免只适用较高的一项。"
            / "The annuity reduction does not apply here or stands beside another; of two, only the higher \
               applies.",
        cure: "只保留较高的一项；开放许可的减免须许可已经备案，且年费在备案后的许可实施期间尚未到期。"
            / "Keep only the higher one; an open licence reduces annuities only once it is recorded, and \
               only those not yet due at recordal, during its implementation.",
    }
    PreservationDuplicate {
        article: "专利法实施细则第一百零三条、第一百零四条；\
                  最高人民法院关于审理专利纠纷案件适用法律问题的若干规定"
            / "Implementing Rules rr. 103, 104; Supreme People's Court Provisions on Patent Dispute Cases",
        message: "该专利已经在保全或者中止期间，不得重复保全、中止。"
            / "The patent is preserved or suspended already; it is not done a second time.",
        cure: "等现有期间届满或者解除；需要继续保全的，由人民法院在期满前裁定继续，自现有期间届满时另行写入。"
            / "Wait until the present period ends or is lifted; to go on, the court rules on continuation \
               before that, and a new record is entered as the period ends.",
    }
    PreservationTooLong {
        article: "专利法实施细则第一百零三条、第一百零四条；\
                  最高人民法院关于审理专利纠纷案件适用法律问题的若干规定"
            / "Implementing Rules rr. 103, 104; Supreme People's Court Provisions on Patent Dispute Cases",
        message: "期间超过法定上限：保全每次不超过六个月，权属纠纷的中止不超过一年。"
            / "The period is beyond the legal limit: six months for each preservation, one year for a \
               suspension in an ownership dispute.",
        cure: "按上限填写最后一日；需要继续的，期满前取得继续保全的裁定或者请求延长中止，再另行写入。"
            / "Give a last day within the limit; to go on, obtain a ruling on continuation or request the \
               suspension's extension before the period ends, and enter that anew.",
    }
    FreezeNone {
        article: "专利法实施细则第一百零三条、第一百零四条" / "Implementing Rules rr. 103, 104",
        message: "该专利没有所指的保全或者中止，无可解除。"
            / "The patent has no such preservation or suspension to lift.",
        cure: "核对专利以及是保全还是中止；期间已经届满的，无需解除。"
            / "Check the patent and which of the two is meant; one whose period has ended needs no lifting.",
    }
    EvaluationNotApplicable {
        article: "专利法第五十条第一款" / "Patent Law art. 50(1)",
        message: "专利权评价报告只就实用新型和外观设计作出，发明专利没有评价报告。"
            / "An evaluation report is made of a utility model or design only, not of an invention patent.",
        cure: "核对专利号；发明专利声明开放许可不需要评价报告。"
            / "Check the patent number; an invention patent needs no evaluation report to be declared open.",
    }
    GraceRunning {
        article: "专利法实施细则第一百一十五条" / "Implementing Rules r. 115",
        message: "年费的六个月滞纳期尚未届满，专利权不能终止。"
            / "The six months of grace for the annuity have not run out, so the right cannot be terminated.",
        cure: "等滞纳期届满仍未缴纳的再写入终止；终止自应缴年费期满之日起生效。"
            / "Enter the lapse only if the annuity is still unpaid when the grace period ends; it then takes \
               effect as of the due date.",
    }
    CorrectionEmpty {
        article: "通达网络规则：专利" / "Tongda network rule: patents",
        message: "更正的内容与现有登记相同，没有任何变化。"
            / "The correction is the same as the entry and changes nothing.",
        cure: "核对现有登记；无需更正的，不必提交。"
            / "Compare it with the entry; if nothing is wrong, submit nothing.",
    }
}
