//! Word the refusals of patented products.

super::wording! {
    ProductEnterprise {
        article: "国办发〔2023〕37号第四项；通达网络规则：专利产品"
            / "State Council Office 2023 No. 37, 4; Tongda network rule: patented products",
        message: "专利产品由生产它的企业备案，备案人不是企业成员。"
            / "A patented product is filed by the enterprise that makes it; who files is no enterprise.",
        cure: "由生产该产品的企业备案；是企业而成员类型有误的，先用 `tongda member update` 更正。"
            / "Have the enterprise that makes it file; if the member's role is wrong, correct it with \
               `tongda member update`.",
    }
    ProductPatentBasis {
        article: "专利法第十一条、第十二条；国办发〔2023〕37号第四项"
            / "Patent Law arts. 11, 12; State Council Office 2023 No. 37, 4",
        message: "企业既不是该专利的专利权人，也没有正在有效的许可，不能把它备案为产品所实施的专利。"
            / "The enterprise neither owns the patent nor has a licence of it in force, so it is not filed as \
               worked in its product.",
        cure: "先登记转让或者取得许可（`tongda licence grant`），许可期限开始后写明该许可再备案；或者去掉该专利。"
            / "First register a transfer or take a licence (`tongda licence grant`) and name it once its term \
               has begun; or leave the patent out.",
    }
    ProductPlatformTaken {
        article: "通达网络规则：专利产品" / "Tongda network rule: patented products",
        message: "该平台备案号已经属于另一件产品。" / "The platform's id is another product's already.",
        cure: "核对国家平台的备案号；同一产品重复备案的，先撤回原备案。"
            / "Check the id on the national platform; if the product is filed twice, withdraw the first filing.",
    }
    ProductState {
        article: "通达网络规则：专利产品" / "Tongda network rule: patented products",
        message: "该产品的备案或者认定目前所处的状态不允许此行为。"
            / "The state of the product's filing or recognition does not allow this.",
        cure: "查看产品的状态；备案已撤回的，重新备案；没有有效认定的，无须撤销认定。"
            / "Look at the product's state; file it anew if it was withdrawn; what is not recognised needs no \
               withdrawal of its recognition.",
    }
    ProductOutputDuplicate {
        article: "国办发〔2023〕37号第四项；通达网络规则：专利产品"
            / "State Council Office 2023 No. 37, 4; Tongda network rule: patented products",
        message: "该产品这一年度的产值已经报告。" / "The product's output of this year has been reported.",
        cure: "报告尚未报告的年度。" / "Report a year that has not been reported.",
    }
    ProductRecognised {
        article: "国办发〔2023〕37号第四项；通达网络规则：专利产品"
            / "State Council Office 2023 No. 37, 4; Tongda network rule: patented products",
        message: "该产品已有一项有效的认定。" / "The product has a recognition that is in force.",
        cure: "等原认定期满，或者由认定机构先撤销原认定。"
            / "Wait until it ends, or have the recognition body withdraw it first.",
    }
    RecognitionBodyOnly {
        article: "国办发〔2023〕37号第四项；通达网络规则：专利产品"
            / "State Council Office 2023 No. 37, 4; Tongda network rule: patented products",
        message: "只有专利密集型产品认定机构可以认定或者撤销认定。"
            / "Only a body that recognises patent-intensive products may do this.",
        cure: "由认定机构签名。" / "Have the recognition body sign.",
    }
}
