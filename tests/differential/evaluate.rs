//! The native engine as a filter: one evaluation request a line in, one answer a line out. The differential tests hold
//! it against the wasm build and the reference evaluator.

use std::io::{BufRead, Write};

use coupon_engine::model::{Node, Value};
use coupon_engine::operation::evaluate;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut answers = std::io::BufWriter::new(std::io::stdout().lock());
    for line in std::io::stdin().lock().lines() {
        let request: Value = serde_json::from_str(&line?)?;
        match evaluate(&Node::root(&request, "")) {
            Ok(quote) => serde_json::to_writer(&mut answers, &quote)?,
            Err(error) => serde_json::to_writer(&mut answers, &error)?,
        }
        answers.write_all(b"\n")?;
    }
    answers.flush()?;
    Ok(())
}
