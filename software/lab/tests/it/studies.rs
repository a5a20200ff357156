//! Studies, and the pictures of them.

use hopgate_lab::{
    plot::{Quantity, recall_plot},
    sheet::{contact_sheet, png, triples},
    study::{Contender, Role, Study, StudyOptions, recall_study, smallest_sufficient_k},
};
use hopgate_model::{ErrorKind, bits::BitMatrix, noise};
use hopgate_train::{
    quantizer::{QuantizeOptions, Scheme, quantize},
    recall_float::FloatMemory,
    scoring::{Float, Nearest},
    solver::{TrainOptions, train},
};

fn small_study(p: &BitMatrix) -> Study {
    let model = train(p, &TrainOptions::new(0.12), &|_| ()).unwrap().model;
    let float = FloatMemory::of(&model).unwrap();
    let memories: Vec<_> =
        (1..=2).map(|k| quantize(&model, &QuantizeOptions::new(Scheme::Shared, k)).unwrap().memory).collect();
    let (nearest, float) = (Nearest(p), Float(&float, 30));
    let mut contenders = vec![
        Contender { label: "nearest pattern".into(), role: Role::Nearest, decoder: &nearest },
        Contender { label: "float".into(), role: Role::Float, decoder: &float },
    ];
    for (k, memory) in (1..).zip(&memories) {
        contenders.push(Contender { label: format!("k = {k}"), role: Role::Memory(k), decoder: memory });
    }
    let options = StudyOptions { noise: vec![0.0, 0.1, 0.3], trials: 3, cues: 100, seed: 5 };
    recall_study(p, &contenders, &options, &|_, _| ()).unwrap()
}

#[test]
fn a_study_is_bounded_ordered_and_reproducible() {
    let p = noise::random(50, 40, 1);
    let s = small_study(&p);
    assert_eq!(s, small_study(&p));
    for curve in &s.curves {
        assert_eq!(curve.points.len(), 3);
        assert!(curve.points.windows(2).all(|w| w[1].exact.mean <= w[0].exact.mean), "{}", curve.label);
        for (point, bound) in curve.points.iter().zip(&s.curve(Role::Nearest).unwrap().points) {
            assert!(point.exact.low <= point.exact.mean && point.exact.mean <= point.exact.high);
            assert!(point.exact.mean <= point.bits.mean);
            // the bound holds in expectation; allow for chance
            assert!(point.exact.mean <= bound.exact.mean + 0.03, "{} at {}", curve.label, point.noise);
        }
    }
    assert_eq!(s.curves[0].points[0].exact.mean, 1.0);
    assert_eq!(smallest_sufficient_k(&s), Some(1));
    let text = serde_json::to_string(&s).unwrap();
    assert_eq!(serde_json::from_str::<Study>(&text).unwrap(), s);
}

#[test]
fn a_study_that_makes_no_sense_is_refused() {
    let p = noise::random(5, 8, 1);
    let good = StudyOptions::new(5);
    for bad in [
        StudyOptions { noise: vec![], ..good.clone() },
        StudyOptions { noise: vec![1.5], ..good.clone() },
        StudyOptions { noise: vec![f64::NAN], ..good.clone() },
        StudyOptions { trials: 0, ..good.clone() },
        StudyOptions { cues: 0, ..good },
    ] {
        assert_eq!(recall_study(&p, &[], &bad, &|_, _| ()).unwrap_err().kind(), ErrorKind::Usage);
    }
}

#[test]
fn the_plot_names_every_line_and_stays_on_the_page() {
    let s = small_study(&noise::random(50, 40, 1));
    for quantity in [Quantity::ExactRecall, Quantity::BitAccuracy] {
        let svg = recall_plot(&s, quantity, "a title <&>").unwrap();
        for word in
            ["nearest pattern", "float", "k = 1", "k = 2", "bits flipped in the cue", "100 %", "a title &lt;&amp;&gt;"]
        {
            assert!(svg.contains(word), "{word} is missing");
        }
        assert!(svg.starts_with("<svg") && svg.trim_end().ends_with("</svg>") && !svg.contains("NaN"));
        for pair in svg.split("points=\"").skip(1).flat_map(|p| p.split('"').next().unwrap().split_whitespace()) {
            let (x, y) = pair.split_once(',').unwrap();
            let (x, y): (f64, f64) = (x.parse().unwrap(), y.parse().unwrap());
            assert!((0.0..=960.0).contains(&x) && (0.0..=570.0).contains(&y), "{pair}");
        }
    }
    assert!(recall_plot(&Study { curves: vec![], ..s }, Quantity::ExactRecall, "").is_err());
}

#[test]
fn one_noise_level_still_makes_a_plot() {
    let p = noise::random(5, 16, 1);
    for noise in [0.0, 0.1, 1.0] {
        let options = StudyOptions { noise: vec![noise], trials: 1, ..StudyOptions::new(5) };
        let contenders = [Contender { label: "n".into(), role: Role::Nearest, decoder: &Nearest(&p) }];
        let svg =
            recall_plot(&recall_study(&p, &contenders, &options, &|_, _| ()).unwrap(), Quantity::ExactRecall, "t")
                .unwrap();
        assert!(!svg.contains("NaN") && !svg.contains("inf"), "{noise}");
    }
}

#[test]
fn the_contact_sheet_marks_wrong_pixels_only() {
    let stored = BitMatrix::from_fn(1, 6, |_, i| i < 3);
    let cue = BitMatrix::from_fn(1, 6, |_, i| i < 2);
    let answer = BitMatrix::from_fn(1, 6, |_, i| i == 0 || i == 1 || i == 5);
    let colours = |answer: &BitMatrix| {
        let sheet = contact_sheet(&triples(&stored, &cue, answer, &[0]), 2, 3, 8).unwrap();
        let count = |rgb: [u8; 3]| sheet.pixels().filter(|p| p.0 == rgb).count();
        (count([213, 38, 48]), count([250, 160, 150]), count([28, 32, 44]))
    };
    let pixel = 16 * 16; // the largest upscaling
    assert_eq!(colours(&answer), (pixel, pixel, (3 + 2 + 2) * pixel));
    assert_eq!(colours(&stored), (0, 0, (3 + 2 + 3) * pixel));
    let sheet = contact_sheet(&triples(&stored, &cue, &answer, &[0, 0, 0]), 2, 3, 2).unwrap();
    let back = image::load_from_memory(&png(&sheet).unwrap()).unwrap().to_rgb8();
    assert_eq!(back, sheet);
    for (height, width, columns) in [(0, 3, 1), (2, 3, 0), (usize::MAX, 3, 1), (100, 3, 1)] {
        assert!(contact_sheet(&triples(&stored, &cue, &answer, &[0]), height, width, columns).is_err());
    }
    assert!(contact_sheet(&[], 2, 3, 1).is_err());
}
