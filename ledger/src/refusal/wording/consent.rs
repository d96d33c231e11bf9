//! Word the refusals of pending acts and of the consents they wait for.

super::wording! {
    PendingNotWaiting {
        article: "通达网络规则：待决行为" / "Tongda network rule: pending acts",
        message: "该待决行为已经生效、被拒绝或者失效，不再等待同意。"
            / "The pending act has taken effect, was declined or has lapsed; it no longer waits for consents.",
        cure: "查看其结果；仍要为此行为的，由提交人重新提出。"
            / "Look at its outcome; if the act is still wanted, its author proposes it again.",
    }
    PendingNotAwaited {
        article: "通达网络规则：待决行为" / "Tongda network rule: pending acts",
        message: "该待决行为并不等待此成员的同意。" / "The pending act does not wait for this member.",
        cure: "核对待决行为的编号和尚缺的各方，由所缺的一方签署。"
            / "Check the pending act's id and whom it still waits for, and have one of those sign.",
    }
    PendingStale {
        article: "通达网络规则：待决行为" / "Tongda network rule: pending acts",
        message: "提出之后，所涉专利的权利人、质押、许可、法律状态或者适用的规则已经变化，\
                  原先的同意不再有效。"
            / "Owners, pledge, licences or legal status of a patent, or the rules, have changed since the \
               act was proposed; what was agreed no longer holds.",
        cure: "由提交人按现状重新提出，各方重新同意。"
            / "The author proposes the act anew over the present state, and all parties consent again.",
    }
    PendingNotAllowed {
        article: "通达网络规则：待决行为" / "Tongda network rule: pending acts",
        message: "此类行为不能作为待决行为等待同意。"
            / "An act of this kind cannot stand as pending and wait for consents.",
        cure: "不写征集期限，收齐全部签名后一并提交。"
            / "Leave out the time for gathering consents, and submit once all signatures are in the record.",
    }
    GatherTime {
        article: "通达网络规则：待决行为" / "Tongda network rule: pending acts",
        message: "征集同意的截止时间已过，或者长于本网络允许的期限。"
            / "The time for gathering consents is over before it begins, or longer than this network allows.",
        cure: "把截止时间改为将来且在网络允许的期限以内，重新签署。"
            / "Set it in the future and within the longest time the network allows, and sign again.",
    }
}
