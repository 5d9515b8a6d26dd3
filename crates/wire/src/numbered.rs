//! Enums of the protocol. They travel as plain integers, so that a number that we do not know
//! survives a decode; these are the numbers that we do know.

/// A number that names nothing we know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{what} {number} is unknown")]
pub struct UnknownNumber {
    /// The enum that was asked.
    pub what: &'static str,
    /// The number that it does not have.
    pub number: i32,
}

/// Declares an enum of `i32` numbers with conversions both ways.
macro_rules! numbered {
    ($(#[$about:meta])* $name:ident { $($(#[$note:meta])* $variant:ident = $number:literal,)+ }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[repr(i32)]
        pub enum $name {
            $($(#[$note])* $variant = $number,)+
        }

        impl $name {
            /// Every value, in ascending order of the numbers.
            pub const ALL: &[Self] = &[$(Self::$variant),+];
        }

        impl From<$name> for i32 {
            fn from(value: $name) -> Self {
                value as Self
            }
        }

        impl TryFrom<i32> for $name {
            type Error = $crate::UnknownNumber;

            fn try_from(number: i32) -> Result<Self, Self::Error> {
                match number {
                    $($number => Ok(Self::$variant),)+
                    _ => Err($crate::UnknownNumber { what: stringify!($name), number }),
                }
            }
        }
    };
}

pub(crate) use numbered;
