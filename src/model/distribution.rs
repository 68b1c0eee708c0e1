//! How a discount is shared out over lines (semantics §4), and at which point it becomes whole minor units (§3). Owns the
//! words; the sums are done in `discount`.

use serde::Serialize;

use super::Node;
use crate::error::Result;

/// How a discount is shared out over lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Distribution {
    /// In proportion to the lines' bases, by largest remainder.
    #[default]
    Proportional,
    /// Each line by itself: an amount is taken of every line, a percentage is settled line by line.
    EachLine,
    /// Each unit by itself.
    EachUnit,
    /// In proportion to the quantities, no line below 0.
    ByQuantity,
    /// The same of every line, no line below 0.
    Even,
    /// The first lines first.
    GreedyInOrder,
    /// As another system does, to the cent.
    #[serde(untagged)]
    Host(Host),
}

/// A system whose sums are reproduced. "Exact" below means: an amount is taken off in full (at most what the lines cost),
/// a percentage is rounded once, over all lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Host {
    /// Percent: each line down; what the whole, halves down, is more goes to the dearest units, a cent per unit. Amount: the
    /// same to each unit, at most the line's price, again with what is left; the last cents one per unit, dearest first.
    /// Exact, but for cents lost on lines of which an earlier coupon left less than a cent per unit.
    /// On prices as the shop enters them. Since #58013 (2025) "dearest" is by unit price, before by line.
    /// `woocommerce/woocommerce: plugins/woocommerce/includes/class-wc-discounts.php`
    #[serde(rename = "woocommerce")]
    WooCommerce,
    /// Never rounds: lines keep fractions of a cent, and what is paid is rounded, halves up, so that of the discount halves
    /// are lost. Exact. The shares are ours: in proportion, the missing cents to the largest fractions. Gross or net as the
    /// promotion says.
    /// `medusajs/medusa: packages/core/utils/src/totals/promotion/index.ts`, and for what is paid
    /// `packages/modules/providers/payment-stripe/src/utils/__tests__/get-smallest-unit.ts`
    Medusa,
    /// Percent: each line, halves up; so not exact. Amount: from the last line to the first, each the floor of its part of
    /// what is left, so that the first line takes the rest. Exact.
    /// `solidusio/solidus: promotions/app/models/solidus_promotions/{calculators/percent,distributed_amounts_handler}.rb`,
    /// `RubyMoney/money: lib/money/money/allocation.rb`
    Solidus,
    /// The whole, halves up; lines in proportion, halves down; what is missing or too much a cent each from the first line
    /// on. What is above a line's price is shared again over the others. Not exact: if every line's part rounds to nothing,
    /// nothing is taken. Where the host would bill a free line a cent, the next one bears it.
    /// `Sylius/Sylius: src/Sylius/Component/Core/Distributor/{ProportionalInteger,MinimumPrice}Distributor.php`
    Sylius,
    /// The whole, halves up; lines in proportion, halves to even; the last takes the rest. Not exact: what the last cannot
    /// bear is lost. Where the host would bill the last line a cent, those before it get less. On prices as entered.
    /// `saleor/saleor: saleor/order/base_calculations.py`, docs.saleor.io/upgrade-guides/3-11-to-3-12
    Saleor,
    /// The whole, halves down; the missing cents to the largest fractions, of equal ones the last. Exact. Actions on single
    /// products are another rule: each line by itself. Gross or net as the channel's prices are.
    /// `vendure-ecommerce/vendure: packages/core/src/service/helpers/order-calculator/{prorate,order-calculator}.ts`
    Vendure,
    /// Percent: each line, halves up; so not exact. Amount: the missing cents to the largest fractions, of equal ones the
    /// first. Exact. Until 5 an amount stayed with the order; the sum was the same.
    /// `spree/spree: spree/core/app/models/spree/{calculator/percent_on_line_item,adjusters/largest_remainder}.rb`
    Spree,
    /// Percent: each line, halves up; so not exact. Until 2.4.8 the fraction was carried on to the next line; the quality
    /// patch ACP2E-4988 and 2.4.9 end that (#38455). Amount: halves up, the fraction carried on. Exact. Gross or net as set.
    /// `magento/magento2: app/code/Magento/SalesRule/Model/{Rule/Action/Discount/ByPercent,DeltaPriceRound}.php`
    Magento,
    /// As Medusa: lines keep fractions, what is paid is rounded, halves up (#18274). Exact; the shares are ours.
    /// `PrestaShop/PrestaShop: src/Core/Cart/{CartRow,CartRuleCalculator}.php`
    #[serde(rename = "prestashop")]
    PrestaShop,
    /// Percent: each line, halves up; so not exact. Amount: the floor of each part, the rest to the first line with room.
    /// Not exact: of an amount above the lines together, nothing is taken. On prices as stored.
    /// `lunarphp/lunar: packages/core/src/DiscountTypes/AmountOff.php`
    Lunar,
    /// Cheapest unit first. Percent: each line down; so not exact. Amount: each part down, the last takes the rest. Not
    /// exact: what is above the last line's price is lost. As set by default; since 4.0 percentages keep fractions per line.
    /// `django-oscar/django-oscar: src/oscar/apps/offer/{benefits,abstract_models}.py`
    DjangoOscar,
}

impl Distribution {
    /// Reads a distribution.
    pub fn parse(node: &Node<'_>) -> Result<Self> {
        node.word(&[
            ("proportional", Self::Proportional),
            ("each_line", Self::EachLine),
            ("each_unit", Self::EachUnit),
            ("by_quantity", Self::ByQuantity),
            ("even", Self::Even),
            ("greedy_in_order", Self::GreedyInOrder),
            ("woocommerce", Self::Host(Host::WooCommerce)),
            ("medusa", Self::Host(Host::Medusa)),
            ("solidus", Self::Host(Host::Solidus)),
            ("sylius", Self::Host(Host::Sylius)),
            ("saleor", Self::Host(Host::Saleor)),
            ("vendure", Self::Host(Host::Vendure)),
            ("spree", Self::Host(Host::Spree)),
            ("magento", Self::Host(Host::Magento)),
            ("prestashop", Self::Host(Host::PrestaShop)),
            ("lunar", Self::Host(Host::Lunar)),
            ("django_oscar", Self::Host(Host::DjangoOscar)),
        ])
    }
}

/// At which point a percentage becomes whole minor units (semantics §3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RoundingPoint {
    /// Once, on the sum.
    #[default]
    Coupon,
    /// On each line.
    Line,
    /// On each unit.
    Unit,
}

impl RoundingPoint {
    /// Reads a rounding point.
    pub fn parse(node: &Node<'_>) -> Result<Self> {
        node.word(&[
            ("coupon", Self::Coupon),
            ("line", Self::Line),
            ("unit", Self::Unit),
        ])
    }
}
