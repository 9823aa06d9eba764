//! 身份强度 — how strongly somebody is signed in, what a post asks, and how fresh a proof must be.

use consortium::actor::Side;
use serde::{Deserialize, Serialize};
use store::{Result, Tx};

/// How long a proof serves for acts with legal effect, in milliseconds: long enough to read what
/// one does once more, too short for whoever finds the desk left open.
pub const PROOF_SERVES_MS: i64 = 300_000;

/// How strongly somebody is signed in. What comes later is stronger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Strength {
    /// 口令 — what one knows.
    Password,
    /// 两个因素 — what one knows and what one has.
    TwoFactor,
    /// 通行密钥 — a key that answers only to this site, and only to its holder.
    Passkey,
}

impl Strength {
    /// Every one, the weakest first.
    pub const ALL: [Self; 3] = [Self::Password, Self::TwoFactor, Self::Passkey];

    /// As the store and programs write it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::TwoFactor => "two_factor",
            Self::Passkey => "passkey",
        }
    }

    /// As people say it.
    pub const fn term(self) -> &'static str {
        match self {
            Self::Password => "口令",
            Self::TwoFactor => "两个因素",
            Self::Passkey => "通行密钥",
        }
    }

    /// The one of this name; the weakest for anything else.
    pub fn named(name: &str) -> Self {
        Self::ALL.into_iter().find(|one| one.name() == name).unwrap_or(Self::Password)
    }
}

/// What somebody showed to be oneself with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum With {
    /// 口令.
    Password,
    /// 口令和动态口令.
    Totp,
    /// 口令和恢复码.
    RecoveryCode,
    /// 通行密钥.
    Passkey,
    /// 统一身份, where the provider showed one factor, or did not say how many.
    Provider,
    /// 统一身份, where it showed two.
    ProviderTwoFactor,
    /// One click in a demonstration. Worth nothing where there is none: see
    /// [`super::session`].
    Demonstration,
}

impl With {
    /// Every one.
    pub const ALL: [Self; 7] = [
        Self::Password,
        Self::Totp,
        Self::RecoveryCode,
        Self::Passkey,
        Self::Provider,
        Self::ProviderTwoFactor,
        Self::Demonstration,
    ];

    /// How strong it is.
    pub const fn strength(self) -> Strength {
        match self {
            Self::Password | Self::Provider => Strength::Password,
            Self::Totp | Self::RecoveryCode | Self::ProviderTwoFactor => Strength::TwoFactor,
            Self::Passkey | Self::Demonstration => Strength::Passkey,
        }
    }

    /// As the store and programs write it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Totp => "totp",
            Self::RecoveryCode => "recovery_code",
            Self::Passkey => "passkey",
            Self::Provider => "provider",
            Self::ProviderTwoFactor => "provider_two_factor",
            Self::Demonstration => "demonstration",
        }
    }

    /// As people say it.
    pub const fn term(self) -> &'static str {
        match self {
            Self::Password => "口令",
            Self::Totp => "动态口令",
            Self::RecoveryCode => "恢复码",
            Self::Passkey => "通行密钥",
            Self::Provider => "统一身份",
            Self::ProviderTwoFactor => "统一身份（两个因素）",
            Self::Demonstration => "演示",
        }
    }

    /// The one of this name; the weakest for anything else.
    pub fn named(name: &str) -> Self {
        Self::ALL.into_iter().find(|one| one.name() == name).unwrap_or(Self::Password)
    }
}

/// How somebody stands: what was shown, when, and what the post asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The strongest that was shown in this session.
    pub strength: Strength,
    /// What was shown last.
    pub with: With,
    /// When that was, by the wall.
    pub proved_ms: i64,
    /// What the post asks.
    pub required: Strength,
}

impl Standing {
    /// Whether it is as strong as the post asks; until then nothing is open but the own account.
    pub fn suffices(&self) -> bool {
        self.strength >= self.required
    }

    /// Whether it was shown strongly enough, and not too long ago, for an act with legal effect.
    pub fn is_fresh(&self, now_ms: i64) -> bool {
        self.is_fresh_at(self.required, now_ms)
    }

    /// The same for another strength than the post asks.
    pub fn is_fresh_at(&self, strength: Strength, now_ms: i64) -> bool {
        let age_ms = now_ms.saturating_sub(self.proved_ms);
        self.with.strength() >= strength && age_ms <= PROOF_SERVES_MS
    }
}

/// Those of whom the same strength is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Group {
    /// Its name, as settings write it.
    pub name: &'static str,
    /// Who they are.
    pub term: &'static str,
    /// What is asked at least; the operator may ask for more, never for less.
    pub least: Strength,
}

const fn group(name: &'static str, term: &'static str) -> Group {
    Group { name, term, least: Strength::TwoFactor }
}

/// The table: of whom what is asked at least.
pub const GROUPS: [Group; 5] = [
    group("unit", "单位经办人、法定代表人（负责人）"),
    group("authority", "归口管理部门初审员、签发人"),
    group("department", "自治区科技厅各岗位"),
    group("expert", "评审专家"),
    group("operator", "系统管理员"),
];

/// What the operator asks of a group, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// What is asked.
    pub strength: Strength,
    /// The word of basis: a notice, a level of protection.
    pub basis: String,
    /// Who asks it.
    pub by: String,
    /// Since when.
    pub at_ms: i64,
}

/// The group of a side; nobody's post belongs to none.
pub fn group_of(side: &Side) -> Option<&'static Group> {
    let name = match side {
        Side::Unit(_) => "unit",
        Side::Authority(_) => "authority",
        Side::Department => "department",
        Side::Expert => "expert",
        Side::Operator => "operator",
        Side::Public | Side::Calendar => return None,
    };
    GROUPS.iter().find(|group| group.name == name)
}

/// Where the rule of a group is kept.
pub fn key(group: &Group) -> String {
    format!("strength.{}", group.name)
}

/// What the operator asks of a group, where anything was set.
pub fn rule(tx: &mut dyn Tx, group: &Group) -> Result<Option<Rule>> {
    let kept = store::settings::setting(tx, &key(group))?;
    Ok(kept.and_then(|kept| serde_json::from_str(&kept).ok()))
}

/// What is asked of a side.
pub fn required(tx: &mut dyn Tx, side: &Side) -> Result<Strength> {
    let Some(group) = group_of(side) else { return Ok(Strength::Password) };
    let set = rule(tx, group)?.map_or(group.least, |rule| rule.strength);
    Ok(set.max(group.least))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_later_is_stronger_and_names_are_read_as_written() {
        assert!(
            Strength::Password < Strength::TwoFactor && Strength::TwoFactor < Strength::Passkey
        );
        for one in Strength::ALL {
            assert_eq!(Strength::named(one.name()), one);
        }
        for one in With::ALL {
            assert_eq!(With::named(one.name()), one);
        }
        assert_eq!(Strength::named("sealed"), Strength::Password);
        assert_eq!(With::named(""), With::Password);
    }

    #[test]
    fn a_proof_serves_so_long_and_no_longer() {
        let standing = |with: With, required| Standing {
            strength: Strength::Passkey,
            with,
            proved_ms: 1_000,
            required,
        };
        let at = 1_000 + PROOF_SERVES_MS;
        let code = standing(With::Totp, Strength::TwoFactor);
        assert!(code.is_fresh(at) && !code.is_fresh(at + 1));
        // A clock that was set back makes no proof older.
        assert!(code.is_fresh(0));
        assert!(!standing(With::Password, Strength::TwoFactor).is_fresh(at));
        assert!(!standing(With::Totp, Strength::Passkey).is_fresh(at));
        assert!(standing(With::Passkey, Strength::Passkey).is_fresh(at));
    }
}
