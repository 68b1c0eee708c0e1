//! The test list of links §3.7, as far as the plain form goes.

use super::*;
use crate::model::{Node, Value};

fn options(json: &str) -> UrlTokenOptions {
    let value: Value = serde_json::from_str(json).unwrap();
    UrlTokenOptions::parse(&Node::root(&value, "options")).unwrap()
}

fn parse(url: &str, json: &str) -> (Vec<String>, Vec<InvalidReason>, String) {
    let found = parse_url_token(url, &options(json)).unwrap();
    (
        found
            .tokens
            .iter()
            .map(|token| token.canonical.as_str().to_owned())
            .collect(),
        found.invalid.iter().map(|invalid| invalid.reason).collect(),
        found.clean_url,
    )
}

fn one(code: &str) -> Vec<String> {
    vec![code.to_owned()]
}

const DINO: &str = r#"{"params":["dino_apply"]}"#;

#[test]
fn s0_plus_1_other_parameters_stay_byte_for_byte() {
    let (codes, invalid, clean) = parse(
        "https://shop.example/p/x?utm_source=a&dino_apply=x-9&utm_medium=b%2B+c#top",
        DINO,
    );
    assert_eq!(codes, one("X-9"));
    assert!(invalid.is_empty());
    assert_eq!(
        clean,
        "https://shop.example/p/x?utm_source=a&utm_medium=b%2B+c#top"
    );
}

#[test]
fn a_url_without_tokens_is_left_alone() {
    for url in [
        "/",
        "/a?",
        "/a?b&&c=#",
        "https://shop.example",
        "/a?Dino_apply=X",
    ] {
        assert_eq!(
            parse(url, DINO),
            (Vec::new(), Vec::new(), url.to_owned()),
            "{url}"
        );
    }
}

#[test]
fn no_dangling_separator_is_left() {
    assert_eq!(parse("/a?dino_apply=X", DINO).2, "/a");
    assert_eq!(parse("/a?dino_apply=X#f", DINO).2, "/a#f");
    assert_eq!(parse("/a?dino_apply=X&b=1", DINO).2, "/a?b=1");
    assert_eq!(parse("/a?b=1&dino_apply=X", DINO).2, "/a?b=1");
}

#[test]
fn what_cannot_be_a_token_is_reported_and_taken_out() {
    for (value, reason) in [
        ("", InvalidReason::Empty),
        ("A.B", InvalidReason::Malformed),
        ("A%20B", InvalidReason::Malformed),
        ("A+B", InvalidReason::Malformed),
        ("%2541", InvalidReason::Malformed),
        ("%FF", InvalidReason::Malformed),
        ("%4", InvalidReason::Malformed),
        ("A%00", InvalidReason::Malformed),
        ("-A", InvalidReason::Malformed),
    ] {
        let (codes, invalid, clean) = parse(&format!("/?dino_apply={value}&k=v"), DINO);
        assert_eq!(
            (codes, invalid, clean),
            (Vec::new(), vec![reason], "/?k=v".to_owned()),
            "{value}"
        );
    }
    assert_eq!(parse("/?dino_apply", DINO).1, [InvalidReason::Empty]);
    assert_eq!(parse("/?dino_apply=%53ummer", DINO).0, one("SUMMER"));
}

#[test]
fn a_repeated_parameter_counts_once_unless_all_are_asked_for() {
    let url = "/?dino_apply=A&dino_apply=B&dino_apply=A";
    assert_eq!(parse(url, DINO).0, one("A"));
    assert_eq!(
        parse(url, r#"{"params":["dino_apply"],"duplicates":"last"}"#).0,
        one("A")
    );
    let all = parse(
        url,
        r#"{"params":["dino_apply"],"duplicates":"all","maxCodes":5}"#,
    );
    assert_eq!(all.0, ["A", "B"]);
    assert_eq!(all.1, [InvalidReason::Duplicate]);
    let too_many = parse(url, r#"{"params":["dino_apply"],"duplicates":"all"}"#);
    assert_eq!(
        too_many.1,
        [InvalidReason::TooMany, InvalidReason::Duplicate]
    );
}

#[test]
fn paths_match_by_whole_segments() {
    let paths = r#"{"paths":["/discount/{code}"]}"#;
    assert_eq!(
        parse("/discount/summer?redirect=%2Fx", paths).0,
        one("SUMMER")
    );
    assert_eq!(
        parse("/discount/summer?redirect=%2Fx", paths).2,
        "/?redirect=%2Fx"
    );
    assert_eq!(
        parse("https://shop.example/discount/summer/", paths).2,
        "https://shop.example/"
    );
    for other in [
        "/discount",
        "/discount/",
        "/discounts/a",
        "/discount/a/b",
        "/x/discount/a",
    ] {
        let (codes, _, clean) = parse(other, paths);
        assert_eq!((codes, clean.as_str()), (Vec::new(), other), "{other}");
    }
}

#[test]
fn the_path_comes_before_the_query() {
    let both = r#"{"paths":["/d/{code}"],"maxCodes":2}"#;
    let (codes, _, clean) = parse("/d/one?coupon=two", both);
    assert_eq!(codes, ["ONE", "TWO"]);
    assert_eq!(clean, "/");
}

#[test]
fn length_is_limited_before_any_work() {
    let long = format!("/?coupon={}", "A".repeat(3_000));
    assert_eq!(
        parse_url_token(&long, &options("{}")).unwrap_err().code(),
        crate::error::ErrorCode::TooLong
    );
}

#[test]
fn no_ampersand_is_left_where_a_token_was() {
    assert_eq!(parse("/s?dino_apply=X&", DINO).2, "/s");
    assert_eq!(parse("/s?&dino_apply=X", DINO).2, "/s");
    assert_eq!(parse("/s?a=1&dino_apply=X&", DINO).2, "/s?a=1");
    assert_eq!(parse("/s?dino_apply=X&&a=1", DINO).2, "/s?a=1");
    assert_eq!(parse("/s?a=1&dino_apply=X&&b=2", DINO).2, "/s?a=1&&b=2");
}

#[test]
fn a_template_may_end_in_a_slash() {
    let paths = r#"{"paths":["/discount/{code}/"]}"#;
    assert_eq!(parse("/discount/abc", paths).0, one("ABC"));
    assert_eq!(parse("/discount/abc/", paths).0, one("ABC"));
}

#[test]
fn k5_a_url_that_leads_elsewhere_is_refused() {
    for url in [
        "//evil.example?coupon=A",
        "/\\evil.example?coupon=A",
        "?coupon=A",
        "",
        "javascript:x",
        "/a\r\nb",
    ] {
        let refused = parse_url_token(url, &options("{}")).unwrap_err();
        assert_eq!(
            (refused.code(), refused.path()),
            (crate::error::ErrorCode::InvalidValue, "url"),
            "{url:?}"
        );
    }
}
