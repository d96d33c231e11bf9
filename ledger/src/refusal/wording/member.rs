//! Word the refusals of members and parties: credit codes, keys, policies, standing, agents and links.

super::wording! {
    CreditCodeTaken {
        article: "通达网络规则：成员；GB 32100-2015" / "Tongda network rule: membership; GB 32100-2015",
        message: "该统一社会信用代码已登记在另一成员名下。"
            / "Another member has this unified social credit code.",
        cure: "核对代码；同一机构已经入网的，使用其原有成员身份，更换密钥用 `tongda member key`。"
            / "Check the code; an organisation enrolled already keeps its membership and changes its keys \
               with `tongda member key`.",
    }
    OverrideNotAllowed {
        article: "通达网络规则：成员；GB 32100-2015" / "Tongda network rule: membership; GB 32100-2015",
        message: "信用代码未通过校验，而准予例外的成员不是监管机构或者登记机构，或者没有签名。"
            / "The credit code fails its check, and whoever allowed it is neither a regulator nor the \
               registrar, or did not sign.",
        cure: "按营业执照或者登记证书核对代码；确系如此核发的，由监管机构或者登记机构在同一记录上签名准予。"
            / "Check the code against the organisation's certificate; if it was issued so, a regulator or \
               the registrar signs the same record to allow it.",
    }
    KeyTaken {
        article: "电子签名法第十三条；通达网络规则：密钥"
            / "Electronic Signature Law art. 13; Tongda network rule: keys",
        message: "该密钥现在或者曾经登记在某一成员名下；签名密钥须为签名人专有，不得再次使用。"
            / "The key is or was entered for a member; a signing key belongs to its signer alone and is not \
               reused.",
        cure: "生成一把新的密钥，重新提交。" / "Make a new key and submit again.",
    }
    KeyWeak {
        article: "电子签名法第十三条；通达网络规则：密钥"
            / "Electronic Signature Law art. 13; Tongda network rule: keys",
        message: "该公钥格式不正确或者属于低阶弱密钥，其签名不可靠。"
            / "The public key is malformed or of small order: its signatures cannot be relied on.",
        cure: "用合格的工具重新生成密钥，不使用该密钥。"
            / "Discard this key and make a new one with a sound tool.",
    }
    KeyProofMissing {
        article: "电子签名法第十三条；通达网络规则：密钥"
            / "Electronic Signature Law art. 13; Tongda network rule: keys",
        message: "新密钥没有在记录上签名，不能证明它由该成员控制。"
            / "The new key did not sign the record, so nothing shows that the member controls it.",
        cure: "用新密钥在同一记录上签名，连同其他签名一并提交。"
            / "Sign the same record with the new key too, and submit it with the other signatures.",
    }
    PolicyInvalid {
        article: "通达网络规则：签名策略" / "Tongda network rule: signing policy",
        message: "签名策略要求的密钥数目为零，或者多于该成员现有的密钥。"
            / "The signing policy asks for no key, or for more keys than the member has.",
        cure: "把数目改为一至现有密钥数之间；要撤销密钥的，先用 `tongda member key` 调整签名策略。"
            / "Ask for at least one key and no more than there are; before revoking a key, change the policy \
               with `tongda member key`.",
    }
    MemberSignatureRequired {
        article: "通达网络规则：成员" / "Tongda network rule: membership",
        message: "此行为须由该成员本人签名。" / "The member itself must sign this act.",
        cure: "由该成员按其签名策略在记录上签名；密钥遗失的，由其交易机构会同监管机构或者登记机构更换密钥。"
            / "The member signs under its signing policy; if its keys are lost, its exchange replaces them \
               together with a regulator or the registrar.",
    }
    MemberExchangeRequired {
        article: "通达网络规则：成员" / "Tongda network rule: membership",
        message: "此行为须由登记该成员的交易机构签名。"
            / "The exchange that enrolled the member must sign this act.",
        cure: "请登记该成员的交易机构核验后在记录上签名。"
            / "Ask the exchange that enrolled the member to verify the change and sign the record.",
    }
    MemberStanding {
        article: "通达网络规则：成员" / "Tongda network rule: membership",
        message: "该成员目前的状态不允许这一变更。" / "The member's standing does not allow this change.",
        cure: "先查看成员状态：只有正常的成员可以暂停，只有被暂停的成员可以恢复，已退出的不再变更。"
            / "Look at the member's standing: an active member can be suspended, a suspended one restored, \
               and one that has left stays out.",
    }
    MemberObligationsOpen {
        article: "通达网络规则：成员" / "Tongda network rule: membership",
        message: "该成员在账本上还有未了结的权利义务，不能退出。"
            / "The member still has rights or duties on the ledger and cannot leave.",
        cure: "先了结其专利、许可、质押和待决行为（转让、终止、解除质押或者撤回），再办理退出。"
            / "First settle its patents, licences, pledges and pending acts (transfer, end, release or \
               withdraw them), then leave.",
    }
    AgentRoleRequired {
        article: "通达网络规则：成员" / "Tongda network rule: membership",
        message: "受托人没有代理机构的角色，不能接受委托。"
            / "The agent does not have the role of an agency and cannot be empowered.",
        cure: "改为委托具有代理机构角色的成员，或者先由其交易机构用 `tongda member update` 登记该角色。"
            / "Empower a member with the role of an agency, or have the agent's exchange enter that role \
               with `tongda member update` first.",
    }
    PartyLinked {
        article: "通达网络规则：成员" / "Tongda network rule: membership",
        message: "该权利人已经与某一成员关联，不能再关联。"
            / "The party is linked to a member already and cannot be linked again.",
        cure: "核对权利人编号；关联有误的，持证明文件请登记机构处理。"
            / "Check the party's id; if the link is wrong, bring the proof to the registrar.",
    }
    AttributeCertifier {
        article: "通达网络规则：成员资质" / "Tongda network rule: attributes of members",
        message: "没有有权认定该资质的成员签名；成员不能自行认定。"
            / "Nobody signed who may certify this attribute; no member certifies its own.",
        cure: "由管理部门签名；区域性股权市场状态由交易机构，代理执业许可也可由登记机构，\
               ISO 56005 证书也可由其所属交易机构签名。"
            / "A regulator signs; for the regional equity market an exchange, for an agency's licence the registrar \
               too, for an ISO 56005 certificate the member's own exchange too.",
    }
    AttributeHolder {
        article: "通达网络规则：成员资质" / "Tongda network rule: attributes of members",
        message: "该成员的角色与该资质不符。" / "The member's roles do not go with this attribute.",
        cure: "先用 `tongda member update` 补充相应角色，或者核对成员编号。"
            / "First give the member the role with `tongda member update`, or check which member is meant.",
    }
    AttributeNone {
        article: "通达网络规则：成员资质" / "Tongda network rule: attributes of members",
        message: "该成员没有此项资质，无可撤回。" / "The member has no such attribute to take back.",
        cure: "核对成员和资质的种类。" / "Check the member and the kind of attribute.",
    }
}
