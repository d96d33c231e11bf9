//! Word the refusals of pools, portfolios, consortia, open source and standards.

super::wording! {
    PoolAdministratorRequired {
        article: "国办发〔2023〕37号第（三）项；通达网络规则：专利池"
            / "Guobanfa (2023) No. 37, measure 3; Tongda network rule: patent pools",
        message: "专利池的管理人没有签名。" / "The pool's administrator has not signed.",
        cure: "由管理人在同一记录上签名，或者在征集期限内用 `tongda consent give` 表示同意；分配只能由管理人提交。"
            / "The administrator signs the same record, or consents with `tongda consent give` while consents \
               are gathered; a distribution it sends itself.",
    }
    PoolMemberRequired {
        article: "国办发〔2023〕37号第（三）项；通达网络规则：专利池"
            / "Guobanfa (2023) No. 37, measure 3; Tongda network rule: patent pools",
        message: "专利池的成员没有签名。" / "A member of the pool has not signed.",
        cure: "由该成员在同一记录上签名，或者在征集期限内用 `tongda consent give` 表示同意。"
            / "The member signs the same record, or consents with `tongda consent give` while consents are \
               gathered.",
    }
    PoolExclusive {
        article: "最高人民法院关于审理技术合同纠纷案件适用法律若干问题的解释第二十五条；通达网络规则：专利池"
            / "Supreme People's Court Interpretation on Technology Contract Disputes art. 25; Tongda network \
               rule: patent pools",
        message: "独占、排他许可与专利池不能并存：入池专利不再给予独占、排他许可，有此类许可的专利不能入池。"
            / "An exclusive or sole licence and a pool exclude each other: what is in a pool is not licensed \
               exclusively, and what is licensed exclusively does not enter a pool.",
        cure: "先用 `tongda pool leave` 退出专利池，或者先终止独占、排他许可。"
            / "First take the patent out of the pool with `tongda pool leave`, or first end the exclusive or sole \
               licence.",
    }
    PoolLeaveFirst {
        article: "通达网络规则：专利池" / "Tongda network rule: patent pools",
        message: "该专利仍在专利池中，不能放弃。" / "The patent is in a pool and is not abandoned.",
        cure: "先用 `tongda pool leave` 退出专利池。" / "First take it out with `tongda pool leave`.",
    }
    PoolFull {
        article: "通达网络规则：专利池" / "Tongda network rule: patent pools",
        message: "超出专利池的成员数、专利数或者一件专利可加入的专利池数。"
            / "The pool's number of members or patents, or a patent's number of pools, is exhausted.",
        cure: "减少专利，或者另行组建专利池。" / "Bring fewer patents, or form another pool.",
    }
    PoolState {
        article: "通达网络规则：专利池" / "Tongda network rule: patent pools",
        message: "该专利池已经解散。" / "The pool has been dissolved.",
        cure: "需要的，用 `tongda pool form` 另行组建。"
            / "If it is wanted, form another with `tongda pool form`.",
    }
    PoolMemberUnknown {
        article: "通达网络规则：专利池" / "Tongda network rule: patent pools",
        message: "该成员不是这一专利池的成员。" / "The member is not one of the pool.",
        cure: "核对成员的编号；先用 `tongda pool join` 加入。"
            / "Check the member's id; it first joins with `tongda pool join`.",
    }
    PoolPatentUnknown {
        article: "通达网络规则：专利池" / "Tongda network rule: patent pools",
        message: "该成员没有以这一专利加入该专利池。" / "The member has not brought this patent into the pool.",
        cure: "核对专利和带入专利的成员。" / "Check the patent and who brought it.",
    }
    PoolPeriod {
        article: "通达网络规则：专利池" / "Tongda network rule: patent pools",
        message: "该期间的许可收益已经分配。" / "The royalties of the period have been distributed.",
        cure: "从上次分配的最后一日之后开始填写期间。" / "Begin the period after the last day that was distributed.",
    }
    PoolShareUnbalanced {
        article: "通达网络规则：专利池" / "Tongda network rule: patent pools",
        message: "各成员分得的金额之和不等于分配总额。" / "The members' amounts do not sum to the total.",
        cure: "改正金额，使其合计等于总额。" / "Correct the amounts so that they sum to the total.",
    }
    PortfolioState {
        article: "通达网络规则：专利组合" / "Tongda network rule: portfolios",
        message: "该专利组合已经结束。" / "The portfolio has ended.",
        cure: "需要的，用 `tongda portfolio form` 另行组成。"
            / "If it is wanted, form another with `tongda portfolio form`.",
    }
    ConsortiumState {
        article: "通达网络规则：创新联合体" / "Tongda network rule: consortia",
        message: "该创新联合体已经结束。" / "The consortium has ended.",
        cure: "需要的，用 `tongda consortium form` 另行组建。"
            / "If it is wanted, form another with `tongda consortium form`.",
    }
    ConsortiumMember {
        article: "通达网络规则：创新联合体" / "Tongda network rule: consortia",
        message: "该成员不在这一创新联合体中。" / "The member is not in the consortium.",
        cure: "核对成员和联合体的编号。" / "Check the ids of member and consortium.",
    }
    OpenSourceExclusive {
        article: "国办发〔2023〕37号第（三）项；\
                  最高人民法院关于审理技术合同纠纷案件适用法律若干问题的解释第二十五条"
            / "Guobanfa (2023) No. 37, measure 3; Supreme People's Court Interpretation on Technology Contract \
               Disputes art. 25",
        message: "独占、排他许可与专利开源不能并存。"
            / "An exclusive or sole licence and an open-source pledge exclude each other.",
        cure: "改为普通许可；要开源的，先终止独占、排他许可；开源条款允许撤销的，先用 `tongda opensource revoke` 撤销。"
            / "Make the licence an ordinary one; to pledge, first end the exclusive or sole licence; if the \
               pledge's terms allow it, first revoke it with `tongda opensource revoke`.",
    }
    OpenSourceFee {
        article: "国办发〔2023〕37号第（三）项；专利法第五十条" / "Guobanfa (2023) No. 37, measure 3; Patent Law art. 50",
        message: "已开源的专利不能再声明收费的开放许可，声明了收费开放许可的专利不能开源。"
            / "What is pledged as open source is not declared open at a fee, and what is declared open at a \
               fee is not pledged.",
        cure: "声明免费的开放许可；要开源的，先撤回收费的开放许可声明。"
            / "Declare an open licence free of charge; to pledge, first withdraw the declaration at a fee.",
    }
    OpenSourceAlready {
        article: "通达网络规则：专利开源" / "Tongda network rule: patent open source",
        message: "该专利已经开源。" / "The patent stands under an open-source pledge already.",
        cure: "不必再次开源；在先的承诺可以撤销的，先用 `tongda opensource revoke` 撤销。"
            / "No second pledge is needed; if the first is revocable, revoke it with `tongda opensource revoke`.",
    }
    OpenSourceState {
        article: "通达网络规则：专利开源" / "Tongda network rule: patent open source",
        message: "该开源承诺已经撤销。" / "The open-source pledge has been revoked.",
        cure: "需要的，用 `tongda opensource pledge` 另行承诺。"
            / "If it is wanted, pledge anew with `tongda opensource pledge`.",
    }
    OpenSourceNotDefensive {
        article: "通达网络规则：专利开源" / "Tongda network rule: patent open source",
        message: "该开源承诺没有防御性终止条款。" / "The open-source pledge has no defensive termination.",
        cure: "没有补救办法；以后的承诺可以写明防御性终止。"
            / "There is no cure; a later pledge can provide for defensive termination.",
    }
    OpenSourceTerminated {
        article: "通达网络规则：专利开源" / "Tongda network rule: patent open source",
        message: "该开源承诺对此成员已经终止。"
            / "The open-source pledge has been terminated against this member.",
        cure: "不必再次终止。" / "No second termination is needed.",
    }
    OpenSourceIrrevocable {
        article: "民法典第七条；通达网络规则：专利开源" / "Civil Code art. 7; Tongda network rule: patent open source",
        message: "该开源承诺依其条款不可撤销。" / "By its own terms the open-source pledge is irrevocable.",
        cure: "没有补救办法；条款允许的，可以对起诉者防御性终止。"
            / "There is no cure; where its terms allow it, terminate it against who sues.",
    }
    StandardUndertakingLess {
        article: "国家标准涉及专利的管理规定（暂行）"
            / "Provisional Rules on National Standards Involving Patents",
        message: "对同一标准已经作出同样或者更多的许可承诺，承诺不能收回。"
            / "The same undertaking or a larger one has been made for this standard, and none is taken back.",
        cure: "只能作出更多的承诺；同样的承诺不必重复。"
            / "Undertake more, or nothing: what is undertaken needs no repetition.",
    }
}
