//! The same bytes whatever the number of threads.

use hopgate_files::model_file::Model;
use hopgate_model::noise;
use hopgate_train::{
    quantizer::{QuantizeOptions, Scheme, quantize},
    solver::{Method, TrainOptions, train},
};

fn on_threads<T: Send>(threads: usize, f: impl FnOnce() -> T + Send) -> T {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(f)
}

fn bytes(model: &Model) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.npz");
    model.save(&path).unwrap();
    std::fs::read(path).unwrap()
}

#[test]
fn one_thread_and_several_write_the_same_model() {
    let patterns = noise::random(70, 45, 1);
    for method in [Method::Newton, Method::Gd] {
        let options = TrainOptions::new(0.03).method(method).epochs(40);
        let run = || bytes(&train(&patterns, &options, &|_| ()).unwrap().model);
        let once = on_threads(1, run);
        assert_eq!(once, on_threads(2, run), "{method}");
        assert_eq!(once, on_threads(5, run), "{method}");
        let other = options.clone().lambda(options.lambda * (1.0 + 1e-14));
        assert_ne!(once, bytes(&train(&patterns, &other, &|_| ()).unwrap().model), "equality must be sensitive");
    }
}

#[test]
fn one_thread_and_two_quantise_alike() {
    let patterns = noise::random(50, 33, 1);
    let model = train(&patterns, &TrainOptions::new(0.03), &|_| ()).unwrap().model;
    for (scheme, bits) in [(Scheme::Uniform, 3), (Scheme::Shared, 4)] {
        let run = || quantize(&model, &QuantizeOptions::new(scheme, bits)).unwrap();
        let (a, b) = (on_threads(1, run), on_threads(2, run));
        assert_eq!(
            (a.memory.planes(), a.memory.kernel(), a.memory.offset()),
            (b.memory.planes(), b.memory.kernel(), b.memory.offset())
        );
        assert_eq!(a.report, b.report);
    }
}
