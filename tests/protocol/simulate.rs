//! The simulation by hand. `simulate <seed>` prints a run step by step; `simulate <from> <count>` runs so many seeds on
//! all cores and prints what breaks; `simulate golden` prints the hashes that `tests/wasm/traces.txt` holds.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::unreachable,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a tool for tests"
)]

mod shared;
mod simulation;

use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};

use simulation::{Kept, simulate};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |text: &String| {
        text.parse()
            .unwrap_or_else(|_| panic!("{text} is no number"))
    };
    match arguments.as_slice() {
        [word] if word == "golden" => {
            print!("{}", simulation::golden());
            ExitCode::SUCCESS
        }
        [seed] => show(number(seed)),
        [from, count] => run(number(from), number(count)),
        _ => {
            eprintln!("simulate <seed> | <from> <count> | golden");
            ExitCode::from(2)
        }
    }
}

fn show(seed: u64) -> ExitCode {
    let report = simulate(seed, Kept::Trace);
    for line in &report.trace {
        println!("{line}");
    }
    for breach in &report.breaches {
        println!("BREACH {}: {}", breach.law, breach.what);
    }
    println!("hash {:016x}", report.hash);
    ExitCode::from(u8::from(!report.breaches.is_empty()))
}

fn run(from: u64, count: u64) -> ExitCode {
    let next = AtomicU64::new(0);
    let broken = AtomicU64::new(0);
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    if at >= count {
                        return;
                    }
                    if at > 0 && at.is_multiple_of(100_000) {
                        eprintln!("{at} seeds");
                    }
                    let seed = from + at;
                    for breach in simulate(seed, Kept::Breaches).breaches {
                        broken.fetch_add(1, Ordering::Relaxed);
                        println!("seed {seed}: {}: {}", breach.law, breach.what);
                    }
                }
            });
        }
    });
    let broken = broken.into_inner();
    println!("{count} seeds from {from}, {broken} breaches");
    ExitCode::from(u8::from(broken > 0))
}
