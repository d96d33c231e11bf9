//! Word the refusals of the stock, of matching, listings and events.

super::wording! {
    StockInstitutionOnly {
        article: "国办发〔2023〕37号第（一）项；国知发运字〔2024〕5号"
            / "Guobanfa (2023) No. 37, measure 1; Guozhifayunzi (2024) No. 5",
        message: "存量专利由高等学校或者科研机构登记入库。"
            / "The stock of patents is entered by universities and research institutes.",
        cure: "由持有该专利的高等学校或者科研机构登记；企业的专利可以用 `tongda listing publish` 挂牌。"
            / "The university or research institute that owns the patent enters it; an enterprise lists its \
               patents with `tongda listing publish`.",
    }
    StockNotEntered {
        article: "国办发〔2023〕37号第（一）项" / "Guobanfa (2023) No. 37, measure 1",
        message: "该专利没有登记入库，或者已经出库。" / "The patent is not in the stock, or has left it.",
        cure: "先由其机构用 `tongda stock enter` 登记入库。"
            / "Its institution first enters it with `tongda stock enter`.",
    }
    ScaleRange {
        article: "国知发运字〔2024〕5号；通达网络规则：存量专利"
            / "Guozhifayunzi (2024) No. 5; Tongda network rule: stock of patents",
        message: "等级超出取值范围。" / "A grade lies outside its scale.",
        cure: "技术成熟度填1至9，自评等级和产业化前景填1至5。"
            / "Technology readiness runs from 1 to 9, own grade and prospect from 1 to 5.",
    }
    MatchingOfficeOnly {
        article: "国办发〔2023〕37号第（一）、（二）、（三）项" / "Guobanfa (2023) No. 37, measures 1-3",
        message: "分层和对接活动由交易机构或者产业知识产权运营中心办理。"
            / "Tiers are assigned and events held by an exchange or an operation centre.",
        cure: "请交易机构或者产业知识产权运营中心签名提交。"
            / "Have an exchange or an operation centre sign and send the act.",
    }
    TierRule {
        article: "通达网络规则：分层" / "Tongda network rule: tiers",
        message: "没有这一版本的分层规则。" / "There is no such version of the tiering rule.",
        cure: "改用现行版本1，按其重新计算。" / "Use version 1, which is in force, and compute again.",
    }
    TierMismatch {
        article: "通达网络规则：分层" / "Tongda network rule: tiers",
        message: "所填层级不是规则按自评等级和市场反馈算出的层级。"
            / "The tier is not what the rule computes from own grade and feedback.",
        cure: "按规则重新计算；有新的反馈的，一并列入。" / "Compute again by the rule, and name new feedback too.",
    }
    TierFeedback {
        article: "通达网络规则：分层" / "Tongda network rule: tiers",
        message: "所列反馈不是关于该专利的，或者同一企业列了两次。"
            / "A feedback is about another patent, or an enterprise counts twice.",
        cure: "只列关于该专利的反馈，每一企业一条。" / "Name only feedback on this patent, one for each enterprise.",
    }
    SupportGiver {
        article: "国办发〔2023〕37号第（一）项" / "Guobanfa (2023) No. 37, measure 1",
        message: "该成员不提供这一类支持：推广由交易机构、运营中心或者管理部门，政策由管理部门或者项目管理部门，\
                  服务由交易、运营、代理或者评估机构，资本由银行、担保、基金或者保险机构提供。"
            / "The member does not give support of this kind: promotion comes from an exchange, an operation \
               centre or a regulator, a policy from a regulator or a funder, a service from an exchange, an \
               operation centre, an agency or an appraiser, capital from a bank, guarantor, fund or insurer.",
        cure: "由提供支持的机构以自己的名义记录，或者改填支持的类别。"
            / "Whoever gives the support records it in its own name, or change the kind.",
    }
    EnterpriseOnly {
        article: "国办发〔2023〕37号第（一）项" / "Guobanfa (2023) No. 37, measure 1",
        message: "反馈和需求由企业提交。" / "Feedback and demands come from enterprises.",
        cure: "由企业成员以自己的名义提交。" / "An enterprise sends the act in its own name.",
    }
    FeedbackNotRecipient {
        article: "通达网络规则：匹配推送" / "Tongda network rule: match pushes",
        message: "不能证明该企业在这次推送的接收企业之中。"
            / "It is not proved that the enterprise was a recipient of the push.",
        cure: "向推送的交易机构取得本企业的位置和包含证明后重新提交。"
            / "Obtain place and inclusion proof from the exchange that pushed, and send again.",
    }
    FeedbackNotPushed {
        article: "通达网络规则：匹配推送" / "Tongda network rule: match pushes",
        message: "不能证明该专利在这次推送的专利之中。" / "It is not proved that the patent was among those pushed.",
        cure: "向推送的交易机构取得该专利的位置和包含证明后重新提交。"
            / "Obtain the patent's place and inclusion proof from the exchange that pushed, and send again.",
    }
    FeedbackGiven {
        article: "通达网络规则：匹配推送" / "Tongda network rule: match pushes",
        message: "该企业对这次推送的该专利已经反馈。"
            / "The enterprise has given its feedback on this patent of this push.",
        cure: "不必再次反馈；看法有变化的，在下次推送时反馈。"
            / "No second one is needed; if the view has changed, give it on the next push.",
    }
    DemandState {
        article: "通达网络规则：需求" / "Tongda network rule: demands",
        message: "该需求已经结束。" / "The demand has been closed.",
        cure: "仍有需求的，用 `tongda demand post` 另行发布。"
            / "If the need goes on, post it anew with `tongda demand post`.",
    }
    ListingDuplicate {
        article: "通达网络规则：挂牌" / "Tongda network rule: listings",
        message: "该专利以同一方式的挂牌仍在有效期内。" / "The patent is on offer in the same mode already.",
        cure: "先用 `tongda listing close` 结束在先的挂牌，或者等其期满。"
            / "First end the earlier listing with `tongda listing close`, or wait until it has run out.",
    }
    ListingOpenUnsaid {
        article: "专利法第五十条；专利审查指南2023第五部分第十一章第9节"
            / "Patent Law art. 50; Examination Guidelines 2023, Part V ch. 11, 9",
        message: "该专利已声明开放许可，出售的挂牌没有写明。"
            / "The patent is declared open for licensing, and the listing for sale does not say so.",
        cure: "在挂牌中写明开放许可；登记转让之前须先撤回声明。"
            / "Say so in the listing; before a transfer is registered the declaration is withdrawn.",
    }
    ListingState {
        article: "通达网络规则：挂牌" / "Tongda network rule: listings",
        message: "该挂牌已经结束。" / "The listing has been ended.",
        cure: "需要继续的，用 `tongda listing publish` 重新挂牌。"
            / "To go on, list again with `tongda listing publish`.",
    }
    ListingPartyRequired {
        article: "通达网络规则：挂牌" / "Tongda network rule: listings",
        message: "挂牌只能由专利权人或者挂牌的交易机构结束。"
            / "A listing is ended by an owner or by the exchange where it stands.",
        cure: "由专利权人或者该交易机构签名。" / "An owner or that exchange signs.",
    }
    ListingOtherDeal {
        article: "通达网络规则：挂牌" / "Tongda network rule: listings",
        message: "所填成交记录不涉及挂牌的任何专利。" / "The deal named is over none of the listing's patents.",
        cure: "改填涉及挂牌专利的许可、转让或者通知。"
            / "Name the licence, transfer or notice over a patent of the listing.",
    }
    EventReported {
        article: "通达网络规则：对接活动" / "Tongda network rule: events",
        message: "该活动的成果已经记录。" / "What came of the event has been recorded.",
        cure: "不必再次记录；后续合同由技术合同登记机构录入。"
            / "No second record is needed; later contracts are entered by their registry.",
    }
}
