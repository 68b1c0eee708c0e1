//! When it may be used (semantics §17): first and last instant, days from the issue, hours of the week.

use super::candidate::{Candidate, Part, Situation};
use super::{Level, Reason, Rejection};
use crate::error::Result;
use crate::model::{Dates, Instant, LocalTime};

/// Both ends are inside. Coupon, code and rule narrow each other (§23), unless the coupon lets a code's own dates stand
/// in place of its own.
pub(super) fn window(candidate: &Candidate<'_>, now: Instant, rejections: &mut Vec<Rejection>) {
    for part in candidate.parts() {
        if let Some(starts_at) = part.restrictions.starts_at
            && starts_at > now
            && !is_overridden(candidate, &part, has_start)
        {
            rejections.push(Rejection::with(Reason::NotStarted, part.level, |details| {
                details.starts_at = Some(starts_at);
            }));
        }
        if let Some(expires_at) = end(candidate, &part)
            && expires_at < now
            && !is_overridden(candidate, &part, has_end)
        {
            rejections.push(Rejection::with(Reason::Expired, part.level, |details| {
                details.expires_at = Some(expires_at);
            }));
        }
    }
}

/// The last instant of a level: its own, or so many days from the issue, whichever is earlier.
fn end(candidate: &Candidate<'_>, part: &Part<'_>) -> Option<Instant> {
    let own = part.restrictions.expires_at;
    let Some(days) = part.restrictions.valid_for_days else {
        return own;
    };
    let issued_at = match (candidate.code, candidate.coupon) {
        (Some(code), _) => code.issued_at.unwrap_or(code.created_at),
        (None, Some(coupon)) => coupon.created_at,
        (None, None) => return own,
    };
    let from_issue = issued_at.plus_days(days);
    Some(own.map_or(from_issue, |own| own.min(from_issue)))
}

fn is_overridden(candidate: &Candidate<'_>, part: &Part<'_>, has: fn(&Part<'_>) -> bool) -> bool {
    part.level == Level::Coupon
        && candidate
            .coupon
            .is_some_and(|coupon| coupon.dates == Dates::Override)
        && candidate
            .parts()
            .any(|other| other.level == Level::Code && has(&other))
}

fn has_start(part: &Part<'_>) -> bool {
    part.restrictions.starts_at.is_some()
}

fn has_end(part: &Part<'_>) -> bool {
    part.restrictions.expires_at.is_some() || part.restrictions.valid_for_days.is_some()
}

pub(super) fn schedule(
    candidate: &Candidate<'_>,
    situation: &Situation<'_>,
    rejections: &mut Vec<Rejection>,
) -> Result<()> {
    for part in candidate.parts() {
        let Some(schedule) = &part.restrictions.schedule else {
            continue;
        };
        let offset = match situation.zones.offset(&schedule.zone) {
            Ok(offset) => offset,
            // Only where the answer hangs on it: a code that is refused anyway must not show that it exists.
            Err(error) if rejections.is_empty() => return Err(error),
            Err(_) => continue,
        };
        let local_time = LocalTime::at(situation.now, offset);
        if !schedule.is_open(local_time) {
            rejections.push(Rejection::with(
                Reason::OutsideSchedule,
                part.level,
                |details| {
                    details.zone = Some(schedule.zone.clone());
                    details.local_time = Some(local_time.to_string());
                },
            ));
        }
    }
    Ok(())
}
