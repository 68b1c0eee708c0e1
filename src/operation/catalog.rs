//! The definitions an evaluation draws on: from the request, or from the storage's answer. Owns finding a code, and the
//! links from coupons to rules.

use crate::error::{Error, ErrorCode, Result};
use crate::model::{
    Code, CodeText, Coupon, Gate, Identifier, Index, Instant, Node, Restrictions, Rule, Settings,
    sort_by,
};

/// Coupons and rules by id, codes by text.
#[derive(Clone, Debug, Default)]
pub struct Catalog {
    coupons: Vec<Coupon>,
    coupon_by_id: Index,
    codes: Vec<Code>,
    code_by_text: Index,
    code_by_id: Index,
    rules: Vec<Rule>,
    rule_by_id: Index,
    automatic_rules: Vec<usize>,
    asks_for_coupons: bool,
}

impl Catalog {
    /// Reads the `coupons` and `rules` of a request: definitions, a coupon's codes inside. A code without an id is known
    /// by its text.
    pub fn define(coupons: &Node<'_>, rules: Option<&Node<'_>>, now: Instant) -> Result<Self> {
        let mut catalog = Self::default();
        if let Some(rules) = rules {
            rules.list(0, 1_000, |rule| {
                catalog.add_rule(Rule::define(rule, None, now)?, rule)
            })?;
        }
        coupons.list(0, 1_000, |coupon| catalog.add_definition(coupon, now))?;
        Ok(catalog)
    }

    /// Reads the answer of the storage's `catalog.find`.
    pub fn from_view(node: &Node<'_>) -> Result<(Self, Option<Settings>)> {
        let object = node.object(&["settings", "coupons", "codes", "rules"])?;
        let settings = object.optional("settings", Settings::from_record)?;
        let mut catalog = Self::default();
        object.optional("rules", |rules| catalog.add_rule_records(rules))?;
        object.required("coupons", |coupons| {
            coupons.list(0, 1_000, |coupon| {
                catalog.add_coupon(Coupon::from_record(coupon)?, coupon)
            })
        })?;
        object.required("codes", |codes| {
            codes.list(0, 1_000, |code| {
                let parsed = Code::from_record(code)?;
                if catalog.coupon(&parsed.coupon_id).is_none() {
                    let path = code.path().key("couponId");
                    return Err(Error::new(
                        ErrorCode::InvalidValue,
                        path,
                        "is not among the coupons answered",
                    ));
                }
                catalog.add_code(parsed, code)
            })
        })?;
        Ok((catalog, settings))
    }

    /// The coupon and code behind a text.
    pub fn find(&self, code: &CodeText) -> Option<(&Coupon, &Code)> {
        let code = self.codes.get(self.code_by_text.get(code.as_str())?)?;
        Some((self.coupon(&code.coupon_id)?, code))
    }

    /// The coupon with this id.
    pub fn coupon(&self, id: &Identifier) -> Option<&Coupon> {
        self.coupons.get(self.coupon_by_id.get(id.as_str())?)
    }

    /// The rule with this id.
    pub fn rule(&self, id: &Identifier) -> Option<&Rule> {
        self.rules.get(self.rule_by_id.get(id.as_str())?)
    }

    /// The rules that apply by themselves, the earlier defined first.
    pub fn automatic_rules(&self) -> impl Iterator<Item = &Rule> {
        let places = self.automatic_rules.iter();
        places.filter_map(|place| self.rules.get(*place))
    }

    /// Whether any restriction asks for other coupons.
    pub fn asks_for_coupons(&self) -> bool {
        self.asks_for_coupons
    }

    fn note(&mut self, restrictions: &Restrictions) {
        self.asks_for_coupons |= restrictions.coupons.is_some();
    }

    /// A storage may answer in any order.
    fn add_rule_records(&mut self, node: &Node<'_>) -> Result<()> {
        node.list(0, 1_000, |rule| {
            self.add_rule(Rule::from_record(rule)?, rule)
        })?;
        let age = |place: &usize| {
            self.rules
                .get(*place)
                .map(|rule| (rule.created_at, &rule.id))
        };
        sort_by(&mut self.automatic_rules, |one, two| {
            age(one).cmp(&age(two))
        });
        Ok(())
    }

    fn add_rule(&mut self, rule: Rule, node: &Node<'_>) -> Result<()> {
        if !self.rule_by_id.insert(rule.id.as_str(), self.rules.len()) {
            return Err(duplicate(node, "id", "is the id of an earlier rule"));
        }
        self.note(&rule.restrictions);
        if rule.gate == Gate::Automatic {
            self.automatic_rules.push(self.rules.len());
        }
        self.rules.push(rule);
        Ok(())
    }

    fn refuse_broken_links(&self, coupon: &Coupon, node: &Node<'_>) -> Result<()> {
        for (place, id) in coupon.rules.iter().enumerate() {
            let rules = node.path().key("rules");
            let path = rules.index(place);
            match self.rule(id).map(|rule| rule.gate) {
                None => {
                    return Err(Error::new(
                        ErrorCode::LinkedDiscountNotFound,
                        path,
                        "is not the id of a rule",
                    ));
                }
                Some(Gate::Automatic) => {
                    return Err(Error::new(
                        ErrorCode::InvalidValue,
                        path,
                        "is an automatic rule, which needs no coupon",
                    ));
                }
                Some(Gate::Coupon | Gate::External) => {}
            }
        }
        Ok(())
    }

    fn add_definition(&mut self, node: &Node<'_>, now: Instant) -> Result<()> {
        let coupon = Coupon::define(node, None, now)?;
        if let Some(code) = coupon
            .code
            .as_ref()
            .filter(|_| coupon.kind.own_code_redeems())
        {
            let own = Code::plain(id_of(code, node)?, coupon.id.clone(), code.clone(), now);
            self.add_code(own, node)?;
        }
        Coupon::definition_fields(node)?.optional("codes", |codes| {
            codes.list(0, 10_000, |code| {
                let mut text_is_needed = || Err(Error::required(&code.path().key("code")));
                let parsed = Code::define(code, &coupon.id, now, &mut text_is_needed, &|text| {
                    id_of(text, code)
                })?;
                coupon.refuse_prefix(&parsed.code, code.path())?;
                self.add_code(parsed, code)
            })
        })?;
        self.add_coupon(coupon, node)
    }

    fn add_coupon(&mut self, coupon: Coupon, node: &Node<'_>) -> Result<()> {
        self.refuse_broken_links(&coupon, node)?;
        if !self
            .coupon_by_id
            .insert(coupon.id.as_str(), self.coupons.len())
        {
            return Err(duplicate(node, "id", "is the id of an earlier coupon"));
        }
        self.note(&coupon.restrictions);
        self.coupons.push(coupon);
        Ok(())
    }

    fn add_code(&mut self, code: Code, node: &Node<'_>) -> Result<()> {
        let place = self.codes.len();
        if !self.code_by_text.insert(code.code.as_str(), place) {
            return Err(duplicate(
                node,
                "code",
                "is the code of an earlier coupon or code",
            ));
        }
        if !self.code_by_id.insert(code.id.as_str(), place) {
            return Err(duplicate(
                node,
                "id",
                "is the id of an earlier code; a code without one is known by its text",
            ));
        }
        self.note(&code.restrictions);
        self.codes.push(code);
        Ok(())
    }
}

fn id_of(text: &CodeText, node: &Node<'_>) -> Result<Identifier> {
    Identifier::new(text.as_str()).ok_or_else(|| node.invalid("has a code that cannot be an id"))
}

fn duplicate(node: &Node<'_>, field: &str, message: &str) -> Error {
    Error::new(ErrorCode::Duplicate, node.path().key(field), message)
}
