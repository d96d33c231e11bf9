//! Word the refusals of disputes.

super::wording! {
    CaseForum {
        article: "专利法第五十二条、第六十五条；通达网络规则：纠纷"
            / "Patent Law arts. 52, 65; Tongda network rule: disputes",
        message: "所写的受理者不是调解组织、管理专利工作的部门或者人民法院，或者就是申请人自己。"
            / "The forum named is no mediator, authority or court, or is the claimant itself.",
        cure: "写明具有相应角色的成员。" / "Name a member that has one of these roles.",
    }
    CaseForumRequired {
        article: "通达网络规则：纠纷" / "Tongda network rule: disputes",
        message: "受理案件的机构没有签名。" / "The forum of the case has not signed.",
        cure: "由该机构签署受理或者结果。" / "Let the forum sign the acceptance or the result.",
    }
    CaseObjects {
        article: "专利法第五十二条、第六十五条；通达网络规则：纠纷"
            / "Patent Law arts. 52, 65; Tongda network rule: disputes",
        message: "没有写明此类纠纷的标的，或者所写的许可不是开放许可。"
            / "Nothing is named that a case of this kind is about, or a licence named is no open licence.",
        cure: "开放许可纠纷写明开放许可，侵权、权属和奖酬纠纷写明专利，合同纠纷写明许可或者质押。"
            / "Name open licences for a dispute about them, patents for infringement, ownership and rewards, \
               licences or pledges for a contract.",
    }
    CaseClaimant {
        article: "专利法第六十五条；通达网络规则：纠纷" / "Patent Law art. 65; Tongda network rule: disputes",
        message: "申请人与标的没有利害关系：不是合同的当事人，也不是专利权人或者被许可人。"
            / "The claimant has no part in it: it is no party to the contract, nor owner or licensee of the \
               patent.",
        cure: "由当事人、专利权人或者写明其许可的被许可人提出。"
            / "Let a party or an owner claim, or a licensee that names its licence.",
    }
    CasePartyRequired {
        article: "通达网络规则：纠纷" / "Tongda network rule: disputes",
        message: "案件的当事人没有签名：提出、撤回由申请人签名，调解协议由各方签名。"
            / "A party to the case has not signed: the claimant opens it and takes it back, all parties sign a \
               settlement.",
        cure: "由该当事人在同一记录上签名，调解协议也可以在征集期限内用 `tongda consent give` 表示同意。"
            / "The party signs the same record; a settlement may also be consented to with `tongda consent give` \
               while consents are gathered.",
    }
    CaseState {
        article: "通达网络规则：纠纷" / "Tongda network rule: disputes",
        message: "案件目前所处的阶段不允许此行为：先提出，后受理，再有结果，最后履行。"
            / "The case's state does not allow this: it is opened, accepted, concluded, then performed.",
        cure: "查看案件的阶段；已经结案而仍有争议的，另行提出。"
            / "Look at the case's state; if a dispute goes on after the result, open another case.",
    }
    CaseDeadline {
        article: "通达网络规则：纠纷" / "Tongda network rule: disputes",
        message: "期限早于起算日，或者撤回、驳回的案件没有可履行的内容却写了履行期限。"
            / "The deadline is before the day it counts from, or a case taken back or dismissed leaves nothing to \
               be done by it.",
        cure: "更正期限；没有可履行的内容的，不写履行期限。"
            / "Correct the deadline; where nothing is to be done, give none.",
    }
    CaseDecision {
        article: "专利法第五十二条、第六十五条" / "Patent Law arts. 52, 65",
        message: "该机构不能对此类纠纷作出裁判：调解组织只调解，管理专利工作的部门只处理侵权纠纷。"
            / "The forum cannot decide such a case: mediators mediate, and an authority decides on infringement \
               alone.",
        cure: "以调解协议结案，或者由当事人向人民法院起诉。"
            / "Conclude it with a settlement, or let the parties go to court.",
    }
}
