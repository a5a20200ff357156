//! Options that are built: a method for each field, of the field's name.

/// Gives a struct of options a method for each field, of the field's name, so that fields may be added without breaking a caller:
/// `TrainOptions::new(0.1).lambda(0.02).epochs(200)`. For the crates of this workspace.
#[macro_export]
macro_rules! setters {
    ($options:ident { $($field:ident: $type:ty),+ $(,)? }) => {
        impl $options {
            $(
                #[doc = concat!("The same with this [`", stringify!($field), "`](field@Self::", stringify!($field), ").")]
                #[must_use]
                pub fn $field(self, $field: $type) -> Self {
                    $options { $field, ..self }
                }
            )+
        }
    };
}
pub(crate) use setters;
