//! Word the refusals of transfers.

super::wording! {
    TransfereeRequired {
        article: "专利法第十条第三款" / "Patent Law art. 10(3)",
        message: "转让须订立书面合同，有受让人没有签名。"
            / "A transfer takes a written contract, and a transferee has not signed.",
        cure: "由全体受让人在同一记录上签名，或者在征集期限内用 `tongda consent give` 表示同意。"
            / "All transferees sign the same record, or consent with `tongda consent give` while consents \
               are gathered.",
    }
    TransferState {
        article: "专利法第十条第三款；通达网络规则：转让"
            / "Patent Law art. 10(3); Tongda network rule: transfers",
        message: "该转让目前所处的阶段不允许此行为；已经登记的转让不能再次登记。"
            / "The transfer's state does not allow this; one that is registered is not registered again.",
        cure: "查看转让的阶段；仍要转让的，用 `tongda transfer propose` 重新提出。"
            / "Look at the transfer's state; if a transfer is still wanted, propose a new one with `tongda \
               transfer propose`.",
    }
    TransferChain {
        article: "专利审查指南2023第一部分第一章6.7.1.1节；通达网络规则：转让"
            / "Examination Guidelines 2023, Part I ch. 1, 6.7.1.1; Tongda network rule: transfers",
        message: "同一专利在同一日登记了一次转让，不得连续变更。"
            / "A transfer of this patent was registered on the same day; transfers are not chained in one \
               day.",
        cure: "次日以后由新的专利权人作为转让人另行提出和登记，一次一手。"
            / "From the next day on, the new owner proposes the further transfer and has it registered: one \
               step at a time.",
    }
    FunderApprovalRequired {
        article: "科学技术进步法第三十四条" / "Law on Scientific and Technological Progress art. 34",
        message: "财政资助形成的专利向境外转让或者独占许可，须经项目管理机构批准，尚未取得批准。"
            / "A patent made with public funds goes abroad by transfer or exclusive licence only with the \
               approval of the project authority, and it has not approved.",
        cure: "写明项目管理机构，由其在同一记录上签名，或者在征集期限内用 `tongda consent give` 批准。"
            / "Name the project authority; it signs the same record, or approves with `tongda consent give` \
               while consents are gathered.",
    }
    PricingMethodRequired {
        article: "促进科技成果转化法第十八条"
            / "Law on Promoting the Transformation of Scientific and Technological Achievements art. 18",
        message: "国家设立的研究开发机构、高等院校转让专利，须写明价格的确定方式。"
            / "A research institute or university established by the State must name how the price was found.",
        cure: "写明协议定价并公示、在技术交易市场挂牌或者拍卖中的一种。"
            / "Name one of: agreement with public notice, listing on a technology exchange, auction.",
    }
    PublicityPeriod {
        article: "促进科技成果转化法第十八条；国发〔2016〕16号"
            / "Law on Promoting the Transformation of Scientific and Technological Achievements art. 18; \
               State Council document Guofa (2016) No. 16",
        message: "协议定价没有公示成果名称和拟交易价格，或者公示期不足（不少于十五日）。"
            / "For a price found by agreement, the public notice of name and intended price is missing or \
               too short (15 days at least).",
        cure: "在本单位公示名称和拟交易价格，期满后写明公示的起止日期再提交。"
            / "Give public notice of name and price within the institution, and submit with the notice's \
               first and last day once it is complete.",
    }
    EquityCompany {
        article: "公司法第四十八条；促进科技成果转化法第十六条"
            / "Company Law art. 48; Law on Promoting the Transformation of Scientific and Technological \
               Achievements art. 16",
        message: "作价入股的对象须为公司。" / "Patents are contributed to the capital of a company only.",
        cure: "写明接受出资的公司；转让给其他主体的，用 `tongda transfer propose`。"
            / "Name the company that receives the contribution; to transfer to others, use `tongda transfer \
               propose`.",
    }
    EquityShare {
        article: "公司法第四十八条；促进科技成果转化法第十六条"
            / "Company Law art. 48; Law on Promoting the Transformation of Scientific and Technological \
               Achievements art. 16",
        message: "没有写明每一出资人取得的股权比例，或者合计超过10000个基点。"
            / "A contributor's share of the company's capital is missing, or they sum to more than 10,000 basis \
               points.",
        cure: "为每一出资人写明一项大于零的股权比例。" / "Give every contributor one share above zero.",
    }
    EquityValuation {
        article: "公司法第四十八条第二款；通达网络规则：评估"
            / "Company Law art. 48(2); Tongda network rule: valuations",
        message: "出资的非货币财产须评估作价，所附评估已经过期。"
            / "A contribution in kind is valued, and the valuation is too old.",
        cure: "重新评估，附新的评估的摘要和基准日。" / "Have the patents valued anew and give that valuation.",
    }
}
