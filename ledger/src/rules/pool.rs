//! Rules for patent pools: what may enter, who agrees, how what comes in is shared.
//!
//! A pool is no owner: its patents stay with who owns them, and licences are theirs to grant. Leaving and dissolving end
//! no licence.

use super::{Context, Effects, Rule, Verdict, commitments, duties};
use crate::act::pool::{Dissolve, Distribute, Form, Join, Leave};
use crate::codec::List;
use crate::identifier::{MemberId, Money, PatentId, PoolId, RecordId};
use crate::refusal::{Code, Refusal};
use crate::state::{Fault, Member, Patent, Pool, PoolDistribution, PoolMember, PoolsOf};

/// Members of a pool, and patents in it: at most so many, so that dissolving it is one record.
const MEMBERS: usize = 64;
const PATENTS: usize = 512;
/// Patents of one member in a pool, and pools of one patent: as many as their values hold.
const PATENTS_OF_MEMBER: usize = 64;
const POOLS_OF_PATENT: usize = 16;

fn full(detail: &str, most: usize) -> Refusal {
    Refusal::new(Code::PoolFull).with(format!("{detail}, at most {most}"))
}

/// One patent that a member brings: in force, free, its own, agreed by all who must, and not promised to one alone.
fn check_patent(
    cx: &Context<'_>,
    id: PatentId,
    member: MemberId,
    pool: Option<PoolId>,
    verdict: &mut Verdict,
) -> Result<(), Fault> {
    let Some((patent, status)) = cx.patent(id, verdict)? else { return Ok(()) };
    if !cx.owns(member, &patent)? {
        verdict.refuse(Refusal::new(Code::NotOwner).about(id).because_of(member));
    }
    cx.owners_sign(id, &patent, verdict)?;
    cx.in_force(id, &status, Code::PatentNotInForce, verdict);
    cx.free(id, &status, verdict);
    cx.pledgee(id, &status, cx.kind, verdict)?;
    commitments::no_exclusive(cx, id, &status, Code::PoolExclusive, verdict)?;
    let pools = cx.find::<PoolsOf>(&id)?.unwrap_or_default().pools;
    if let Some(pool) = pool.filter(|pool| pools.contains(pool)) {
        verdict.refuse(Refusal::new(Code::DuplicateEntry).about(id).because_of(pool));
    }
    if pools.len() >= POOLS_OF_PATENT {
        verdict.refuse(full("pools of one patent", POOLS_OF_PATENT).about(id));
    }
    Ok(())
}

/// The member and the administrator sign.
fn check_signers(
    cx: &Context<'_>,
    administrator: MemberId,
    members: &[(MemberId, &[PatentId])],
    verdict: &mut Verdict,
) -> Result<(), Fault> {
    if cx.named::<Member>(administrator, verdict)?.is_some() {
        cx.need(administrator, None, Code::PoolAdministratorRequired, verdict)?;
    }
    for (member, patents) in members {
        if cx.named::<Member>(*member, verdict)?.is_some() {
            cx.need_over(*member, patents, Refusal::new(Code::PoolMemberRequired), verdict)?;
        }
    }
    Ok(())
}

/// Brings a member's patents into a pool.
fn bring(
    effects: &mut Effects<'_, '_>,
    id: PoolId,
    pool: &mut Pool,
    member: MemberId,
    patents: &[PatentId],
) -> Result<(), Fault> {
    let unchecked = |_| Fault::Contradiction("a pool beyond its bounds was not refused".into());
    let before = effects.find::<PoolMember>(&(id, member))?;
    let mut entry = match before {
        Some(entry) if entry.left.is_none() => entry,
        other => {
            pool.members.push(member).map_err(unchecked)?;
            duties::add(effects.overlay, member)?;
            let joined = other.map_or(effects.today, |entry| entry.joined);
            PoolMember { patents: List::new(), joined, left: None }
        }
    };
    for patent in patents {
        entry.patents.push(*patent).map_err(unchecked)?;
        let mut of = effects.find::<PoolsOf>(patent)?.unwrap_or_default();
        of.pools.push(id).map_err(unchecked)?;
        effects.put(patent, &of)?;
        effects.touch(*patent, |status| status.pools += 1)?;
        pool.patents += 1;
    }
    effects.put(&(id, member), &entry)
}

/// Takes patents out of a pool.
fn take_out(
    effects: &mut Effects<'_, '_>,
    id: PoolId,
    pool: &mut Pool,
    patents: &[PatentId],
) -> Result<(), Fault> {
    for patent in patents {
        let mut of: PoolsOf = effects.must(patent)?;
        of.pools.retain(|other| *other != id);
        if of.pools.is_empty() {
            effects.remove::<PoolsOf>(patent)?;
        } else {
            effects.put(patent, &of)?;
        }
        effects.touch(*patent, |status| status.pools -= 1)?;
        pool.patents -= 1;
    }
    Ok(())
}

/// The pool that an act names and that has not been dissolved.
fn living(cx: &Context<'_>, id: PoolId, verdict: &mut Verdict) -> Result<Option<Pool>, Fault> {
    let Some(pool) = cx.named::<Pool>(id, verdict)? else { return Ok(None) };
    if let Some(record) = pool.dissolved {
        verdict.refuse(Refusal::new(Code::PoolState).about(id).because_of(record));
        return Ok(None);
    }
    Ok(Some(pool))
}

impl Rule for Form {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        let empty = self.founders.iter().any(|founder| founder.patents.is_empty());
        verdict.refuse_if(self.founders.len() < 2 || empty, Code::FieldMissing);
        let members: Vec<_> =
            self.founders.iter().map(|founder| (founder.member, &*founder.patents)).collect();
        cx.once(&members.iter().map(|(member, _)| *member).collect::<Vec<_>>(), verdict);
        let patents = self.patents(cx)?;
        cx.once(&patents, verdict);
        if patents.len() > PATENTS {
            verdict.refuse(full("patents", PATENTS));
        }
        check_signers(cx, self.administrator, &members, verdict)?;
        for founder in &self.founders {
            for id in &founder.patents {
                check_patent(cx, *id, founder.member, None, verdict)?;
            }
        }
        Ok(())
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let id = PoolId::new(effects.position, 0);
        let mut pool = Pool {
            name: self.name.clone(),
            rules: self.rules,
            administrator: self.administrator,
            share_rule: self.share_rule,
            members: List::new(),
            patents: 0,
            formed: effects.today,
            distributed: None,
            dissolved: None,
        };
        duties::add(effects.overlay, self.administrator)?;
        for founder in &self.founders {
            bring(effects, id, &mut pool, founder.member, &founder.patents)?;
        }
        effects.put(&id, &pool)
    }

    fn patents(&self, _cx: &Context<'_>) -> Result<Vec<PatentId>, Fault> {
        Ok(self.founders.iter().flat_map(|founder| founder.patents.iter().copied()).collect())
    }

    fn may_wait(&self) -> bool {
        true
    }
}

impl Rule for Join {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        verdict.refuse_if(self.patents.is_empty(), Code::FieldMissing);
        cx.once(&self.patents, verdict);
        let Some(pool) = living(cx, self.pool, verdict)? else { return Ok(()) };
        check_signers(cx, pool.administrator, &[(self.member, &*self.patents)], verdict)?;
        if !pool.members.contains(&self.member) && pool.members.len() >= MEMBERS {
            verdict.refuse(full("members", MEMBERS).about(self.pool));
        }
        if usize::from(pool.patents) + self.patents.len() > PATENTS {
            verdict.refuse(full("patents", PATENTS).about(self.pool));
        }
        let own = cx.find::<PoolMember>(&(self.pool, self.member))?.map_or(0, |entry| entry.patents.len());
        if own + self.patents.len() > PATENTS_OF_MEMBER {
            verdict.refuse(full("patents of one member", PATENTS_OF_MEMBER).about(self.pool));
        }
        for id in &self.patents {
            check_patent(cx, *id, self.member, Some(self.pool), verdict)?;
        }
        Ok(())
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let mut pool: Pool = effects.must(&self.pool)?;
        bring(effects, self.pool, &mut pool, self.member, &self.patents)?;
        effects.put(&self.pool, &pool)
    }

    fn patents(&self, _cx: &Context<'_>) -> Result<Vec<PatentId>, Fault> {
        Ok(self.patents.to_vec())
    }

    fn may_wait(&self) -> bool {
        true
    }
}

impl Leave {
    /// Whether the author owns every patent named: one that was transferred follows its new owner's will.
    fn owners_take_out(&self, cx: &Context<'_>) -> Result<bool, Fault> {
        for id in &self.patents {
            if !cx.author_owns(*id, &cx.must::<Patent>(id)?)? {
                return Ok(false);
            }
        }
        Ok(!self.patents.is_empty())
    }
}

impl Rule for Leave {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        cx.once(&self.patents, verdict);
        let Some(pool) = living(cx, self.pool, verdict)? else { return Ok(()) };
        let entry = cx.find::<PoolMember>(&(self.pool, self.member))?.filter(|entry| entry.left.is_none());
        let Some(entry) = entry.filter(|_| pool.members.contains(&self.member)) else {
            verdict.refuse(Refusal::new(Code::PoolMemberUnknown).about(self.pool).because_of(self.member));
            return Ok(());
        };
        let mut all_there = true;
        for id in self.patents.iter().filter(|id| !entry.patents.contains(id)) {
            verdict.refuse(Refusal::new(Code::PoolPatentUnknown).about(*id).because_of(self.pool));
            all_there = false;
        }
        if all_there && !self.owners_take_out(cx)? {
            cx.need_over(self.member, &self.patents, Refusal::new(Code::PoolMemberRequired), verdict)?;
        }
        Ok(())
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let mut pool: Pool = effects.must(&self.pool)?;
        let key = (self.pool, self.member);
        let mut entry: PoolMember = effects.must(&key)?;
        let leaves = self.patents.is_empty();
        let taken = if leaves { entry.patents.to_vec() } else { self.patents.to_vec() };
        take_out(effects, self.pool, &mut pool, &taken)?;
        entry.patents.retain(|patent| !taken.contains(patent));
        if leaves {
            entry.left = Some(effects.today);
            pool.members.retain(|member| *member != self.member);
            duties::remove(effects.overlay, self.member)?;
        }
        effects.put(&key, &entry)?;
        effects.put(&self.pool, &pool)
    }
}

impl Rule for Distribute {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        let Some(pool) = cx.named::<Pool>(self.pool, verdict)? else { return Ok(()) };
        cx.need(pool.administrator, None, Code::PoolAdministratorRequired, verdict)?;
        cx.not_future(self.period.last(), verdict);
        if let Some(until) = pool.distributed.filter(|until| self.period.first() <= *until) {
            let figures = format!("{}, distributed until {until}", self.period);
            verdict.refuse(Refusal::new(Code::PoolPeriod).about(self.pool).with(figures));
        }
        let sum = self.shares.iter().try_fold(Money::ZERO, |sum, share| sum.checked_add(share.amount));
        if sum != Some(self.total) {
            let sum = sum.map_or_else(|| "beyond counting".into(), |sum| sum.to_string());
            let figures = format!("{sum} of {} yuan", self.total);
            verdict.refuse(Refusal::new(Code::PoolShareUnbalanced).about(self.pool).with(figures));
        }
        cx.once(&self.shares.iter().map(|share| share.member).collect::<Vec<_>>(), verdict);
        for share in &self.shares {
            if cx.find::<PoolMember>(&(self.pool, share.member))?.is_none() {
                let refusal = Refusal::new(Code::PoolMemberUnknown).about(self.pool);
                verdict.refuse(refusal.because_of(share.member));
            }
        }
        Ok(())
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let mut pool: Pool = effects.must(&self.pool)?;
        pool.distributed = Some(self.period.last());
        effects.put(&self.pool, &pool)?;
        let distribution = PoolDistribution {
            pool: self.pool,
            period: self.period,
            total: self.total,
            shares: self.shares.clone(),
        };
        effects.put(&RecordId::new(effects.position), &distribution)
    }
}

impl Rule for Dissolve {
    fn check(&self, cx: &Context<'_>, verdict: &mut Verdict) -> Result<(), Fault> {
        let Some(pool) = living(cx, self.pool, verdict)? else { return Ok(()) };
        let members: Vec<_> = pool.members.iter().map(|member| (*member, &[][..])).collect();
        check_signers(cx, pool.administrator, &members, verdict)
    }

    fn apply(&self, effects: &mut Effects<'_, '_>) -> Result<(), Fault> {
        let mut pool: Pool = effects.must(&self.pool)?;
        for member in std::mem::take(&mut pool.members) {
            let mut entry: PoolMember = effects.must(&(self.pool, member))?;
            let taken = std::mem::take(&mut entry.patents);
            take_out(effects, self.pool, &mut pool, &taken)?;
            entry.left = Some(effects.today);
            effects.put(&(self.pool, member), &entry)?;
            duties::remove(effects.overlay, member)?;
        }
        duties::remove(effects.overlay, pool.administrator)?;
        pool.dissolved = Some(RecordId::new(effects.position));
        effects.put(&self.pool, &pool)
    }

    fn may_wait(&self) -> bool {
        true
    }
}
