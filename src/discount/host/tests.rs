//! Every host over every small cart: within bounds, nothing invented, in range.

use super::*;

const HOSTS: [Host; 11] = [
    Host::WooCommerce,
    Host::Medusa,
    Host::Solidus,
    Host::Sylius,
    Host::Saleor,
    Host::Vendure,
    Host::Spree,
    Host::Magento,
    Host::PrestaShop,
    Host::Lunar,
    Host::DjangoOscar,
];

fn given(host: Host, take: Take, lines: &[(i64, i64)]) -> Option<Vec<i64>> {
    let parties: Vec<Party<'_>> = lines
        .iter()
        .enumerate()
        .map(|(place, (base, quantity))| Party {
            place,
            id: "line",
            base: Amount::new(*base).unwrap(),
            quantity: *quantity,
        })
        .collect();
    Some(
        shares(host, take, &parties)?
            .into_iter()
            .map(Amount::minor)
            .collect(),
    )
}

fn amount(minor: i64) -> Take {
    Take::Amount(Amount::new(minor).unwrap())
}

#[test]
fn no_small_cart_breaks_a_bound() {
    let bases = [0, 1, 2, 3, 7];
    for host in HOSTS {
        for place in 0..625_usize {
            let lines: Vec<(i64, i64)> = (0..4)
                .map(|digit| {
                    (
                        bases[place / 5_usize.pow(digit) % 5],
                        i64::from(digit % 3) + 1,
                    )
                })
                .collect();
            let cost: i64 = lines.iter().map(|line| line.0).sum();
            for wanted in 0..=cost + 2 {
                let shares = given(host, amount(wanted), &lines).unwrap();
                let sum: i64 = shares.iter().sum();
                let bounded = shares
                    .iter()
                    .zip(&lines)
                    .all(|(share, line)| (0..=line.0).contains(share));
                assert!(bounded, "{host:?} {wanted} {lines:?} {shares:?}");
                assert!(
                    sum <= wanted.min(cost),
                    "{host:?} {wanted} {lines:?} {shares:?}"
                );
                let exact = !matches!(
                    host,
                    Host::WooCommerce
                        | Host::Sylius
                        | Host::Saleor
                        | Host::Lunar
                        | Host::DjangoOscar
                );
                assert!(
                    !exact || sum == wanted.min(cost),
                    "{host:?} {wanted} {lines:?} {shares:?}"
                );
            }
        }
    }
}

#[test]
fn three_equal_lines_show_who_gets_the_cent() {
    let lines = [(1000, 1), (1000, 1), (1000, 1)];
    for (host, expected) in [
        (Host::WooCommerce, [334, 333, 333]),
        (Host::Solidus, [334, 333, 333]),
        (Host::Sylius, [334, 333, 333]),
        (Host::Saleor, [333, 333, 334]),
        (Host::Vendure, [333, 333, 334]),
        (Host::Spree, [334, 333, 333]),
        (Host::Magento, [333, 334, 333]),
        (Host::Lunar, [334, 333, 333]),
        (Host::DjangoOscar, [333, 333, 334]),
    ] {
        assert_eq!(
            given(host, amount(1000), &lines).unwrap(),
            expected,
            "{host:?}"
        );
    }
}

#[test]
fn the_largest_sums_neither_wrap_nor_panic() {
    for host in HOSTS {
        let one = given(host, amount(i64::MAX), &[(i64::MAX, 1)]);
        assert_eq!(one, Some(vec![i64::MAX]), "{host:?}");
        assert_eq!(
            given(host, amount(1), &[(i64::MAX, 1), (1, 1)]),
            None,
            "{host:?}"
        );
        assert_eq!(given(host, amount(5), &[]), Some(vec![]), "{host:?}");
    }
}
