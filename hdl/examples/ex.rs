//! scratch
use hopgate_hdl::*;
use hopgate_model::bits::*;
use hopgate_model::memory::*;
use hopgate_model::*;
fn main() {
    let a: Vec<usize> = std::env::args().skip(1).take(3).map(|x| x.parse().unwrap()).collect();
    let out = std::env::args().nth(4).unwrap();
    let (n, p, k) = (a[0], a[1], a[2]);
    let pat = noise::random(p, n, 1);
    let mut planes: Vec<BitMatrix> = (0..k - 1).map(|j| noise::random(p, n, 9 + j as u64)).collect();
    planes.push(pat.clone());
    let w: Vec<f64> = (0..k).map(|j| (1 << j) as f64).collect();
    let c = kernel::columns(n, 0.02, &w, 0.0, 8);
    let m = Memory::new(Parts { planes, kernel: c.weights, offset: c.offset, ..Parts::of(pat) }).unwrap();
    let plan = Plan::of(&m).unwrap();
    eprintln!("acc {} lat {} reach {}", plan.accumulator_bits, plan.latency(), plan.reach);
    for top in [Top::Core, Top::Board { uart_divider: 100 }] {
        let t = std::time::Instant::now();
        let d = emit(&plan, top, "abc").unwrap();
        eprintln!("{:?}", t.elapsed());
        std::fs::create_dir_all(&out).unwrap();
        for (f, t) in d.files() {
            std::fs::write(format!("{out}/{f}"), t).unwrap();
        }
    }
}
