//! Word the refusals of implementation reports, technical contracts and trade across the border.

super::wording! {
    ImplementerNoRight {
        article: "专利法第十一条、第十二条" / "Patent Law arts. 11, 12",
        message: "报告人没有实施该专利的权利：既不是专利权人，也没有在有效期内的许可。"
            / "The implementer has no right to work the patent: it owns it neither by itself nor by the \
               transfer named, and no licence in force is its own.",
        cure: "由专利权人或者被许可人以自己的名义报告；需要许可的，先用 `tongda licence grant` 订立。"
            / "The owner or the licensee reports in its own name; where a licence is needed, enter it first \
               with `tongda licence grant`.",
    }
    VerifierRequired {
        article: "通达网络规则：实施核验" / "Tongda network rule: verification of implementation",
        message: "核验应当由与该报告无关的交易机构或者管理部门进行。"
            / "A report is verified by an exchange or a regulator that is no party to it.",
        cure: "请另一交易机构或者管理部门核验并签名。" / "Have another exchange or a regulator verify and sign.",
    }
    ImplementationVerified {
        article: "通达网络规则：实施核验" / "Tongda network rule: verification of implementation",
        message: "该实施报告已经核验。" / "The report has been verified already.",
        cure: "不必再次核验；情况有变化的，由实施人另行报告。"
            / "No second verification is needed; if things have changed, the implementer reports anew.",
    }
    TechnicalRegistryOnly {
        article: "技术合同认定登记管理办法" / "Measures for the Recognition and Registration of Technology Contracts",
        message: "技术合同只能由办理其认定登记的技术合同登记机构录入和更正。"
            / "A technical contract is entered and corrected by the registry that registered it.",
        cure: "请该技术合同登记机构签名提交。" / "Have that technical-contract registry sign and send the act.",
    }
    TechnicalContractNumberTaken {
        article: "技术合同认定登记管理办法" / "Measures for the Recognition and Registration of Technology Contracts",
        message: "该登记编号的技术合同已经录入。" / "A technical contract with this number has been entered.",
        cure: "核对登记编号；原录入有误的，用 `tongda techcontract correct` 更正。"
            / "Check the number; if the earlier entry is wrong, correct it with `tongda techcontract correct`.",
    }
    TechnicalAmountExceeds {
        article: "技术合同认定登记管理办法" / "Measures for the Recognition and Registration of Technology Contracts",
        message: "技术交易额大于合同成交额。" / "The amount paid for technology is above the contract's amount.",
        cure: "按登记证明核对两项金额后重新提交。"
            / "Check both amounts against the registration certificate and send again.",
    }
    TechnicalContractLinked {
        article: "国办发〔2023〕37号第（八）项" / "Guobanfa (2023) No. 37, measure 8",
        message: "该许可、转让或者通知已经与另一技术合同关联。"
            / "The licence, transfer or notice is linked with another technical contract.",
        cure: "核对所引用的记录；在先关联有误的，先用 `tongda techcontract correct` 更正该合同。"
            / "Check what is referred to; if the earlier link is wrong, first correct that contract with \
               `tongda techcontract correct`.",
    }
    TradeAuthorityRequired {
        article: "技术进出口管理条例" / "Regulations on Technology Import and Export",
        message: "缺少主管部门的签名。" / "The authority has not signed.",
        cure: "请主管部门核对登记证书或者许可证后签名。"
            / "Have the authority compare the certificate or licence and sign.",
    }
    TradePartyRequired {
        article: "技术进出口管理条例" / "Regulations on Technology Import and Export",
        message: "该许可或者转让的当事人都没有签名。" / "No party to the licence or transfer has signed.",
        cure: "由当事人一方与主管部门共同签名。" / "One of the parties signs together with the authority.",
    }
    TradeSides {
        article: "技术进出口管理条例第二条" / "Regulations on Technology Import and Export art. 2",
        message: "双方所在地与所填的方向和国家（地区）不符，技术并未按所填方向跨境转移。"
            / "The sides do not lie as direction and country say: technology does not cross the border so.",
        cure: "按双方在登记簿上的国家（地区）更正方向和国家（地区）。"
            / "Correct direction and country by what the register has of the sides.",
    }
    ImportDocRequired {
        article: "技术进出口管理条例" / "Regulations on Technology Import and Export",
        message: "技术进口缺少合同登记证书或者进口许可证及其编号。"
            / "The import lacks the contract's registration certificate or the import licence, with its number.",
        cure: "属于自由进口的，办理合同登记；属于限制进口的，取得许可证；填写编号和摘要值。"
            / "For technology free to import, register the contract; for restricted technology obtain the \
               licence; give number and digest.",
    }
    ImportForbidden {
        article: "技术进出口管理条例" / "Regulations on Technology Import and Export",
        message: "该技术属于禁止进口的技术。" / "The technology is banned from import.",
        cure: "没有补救办法；归类有误的，取得主管部门的认定后按其类别重新提交。"
            / "There is no cure; if the classification is mistaken, obtain the authority's finding and submit \
               again under the right class.",
    }
}
