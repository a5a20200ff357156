//! The framed link over SPI at the pins of a simulated board, byte for byte against the device in software.

use crate::twins::{Twins, load, memory, recalls};
use hopgate_hdl::{CoreOptions, Room};
use hopgate_host::device::Device;
use hopgate_wire::{frame, protocol::Region, request::Request};

fn loadable() -> CoreOptions {
    CoreOptions { room: Some(Room { accumulator_bits: 16, ..Room::default() }), ..CoreOptions::default() }
}

#[test]
fn the_same_bytes_as_over_a_uart_at_any_rate_up_to_a_third_of_the_clock() {
    let (first, other) = (memory(37, 20, 0.1, 1), memory(37, 11, 0.3, 2));
    let mut twins = Twins::over_spi(&first, loadable());
    assert_eq!(twins.identity.baud, 0, "the controller has the rate");
    // a third of the clock at a phase that stays, at phases that move on, and slower ones
    for period in [3.0, 3.01, 3.37, 4.0, 7.13, 40.0] {
        twins.stream().board().set_host_bit(period);
        recalls(&mut twins, &first, 6);
    }
    twins.stream().board().set_host_bit(3.07);
    // longer than a piece, and than a transfer of the bench
    twins.ask(&Request::Read { region: Region::Page, address: 0, count: 256 }, 1);
    // requests one behind the other, with bytes that are none, and a frame that is damaged
    let request = frame::encode(&twins.recall(&[5], None).encode(7));
    let mut hit = request.clone();
    hit[3] ^= 4;
    twins.send(&[[0, 0, 0].as_slice(), &request, &hit, &request, &[0], &request].concat(), "a damaged frame");
    load(&mut twins, &other, 9, true);
    recalls(&mut twins, &other, 6);
}

#[test]
fn beyond_a_third_of_the_clock_bits_are_lost() {
    let memory = memory(16, 5, 0.1, 1);
    let mut twins = Twins::over_spi(&memory, CoreOptions::default());
    let request = frame::encode(&twins.recall(&[0x5a5a], None).encode(7));
    let device: Vec<u8> = {
        let mut device = Device::with(twins.identity.clone(), &memory).unwrap();
        device.receive(&request);
        std::iter::from_fn(|| device.work()).flatten().collect()
    };
    let board = twins.stream().board();
    board.set_host_bit(3.0);
    assert_eq!(board.exchange(&request, device.len(), 100_000).unwrap(), device);
    board.set_host_bit(1.9);
    assert_ne!(board.exchange(&request, device.len(), 100_000).ok(), Some(device));
}

#[test]
fn a_reset_in_the_middle_leaves_nothing_behind() {
    let memory = memory(16, 5, 0.1, 1);
    let mut twins = Twins::over_spi(&memory, CoreOptions::default());
    let request = frame::encode(&twins.recall(&[0x1234], None).encode(7));
    for part in [1, 4, request.len() - 1] {
        let mut none = Vec::new();
        twins.stream().run(&request[..part], 2_000, &mut none).unwrap();
        twins.stream().press_reset(40);
        assert!(none.is_empty());
        twins.send(&request, "after a reset");
    }
}
