//! What the declaration of `Call` gives besides the type: its kinds, and how a call is read back from its text.

/// Declares the enum, an enum of the names of its variants, and how to read it. Whatever is declared, stories must tell of it:
/// tests count kinds.
macro_rules! calls {
    (
        $(#[$meta:meta])*
        pub enum Call {
            $($(#[$of_variant:meta])* $kind:ident $({ $($(#[$of_field:meta])* $field:ident: $type:ty),* $(,)? })?),* $(,)?
        }
    ) => {
        $(#[$meta])*
        pub enum Call {
            $($(#[$of_variant])* $kind $({ $($(#[$of_field])* $field: $type),* })?),*
        }

        /// Which call it is, its values left out.
        #[allow(missing_docs, reason = "named after the calls")]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Kind {
            $($kind),*
        }

        impl Kind {
            /// Every kind of call, as declared.
            pub const ALL: &[Self] = &[$(Self::$kind),*];
        }

        impl Call {
            /// Which call it is.
            pub const fn kind(&self) -> Kind {
                match self {
                    $(Self::$kind { .. } => Kind::$kind),*
                }
            }
        }

        impl $crate::model::text::Read for Call {
            fn read(
                words: &mut $crate::model::text::Words<'_>,
            ) -> Result<Self, $crate::model::text::Unreadable> {
                match words.name() {
                    $(stringify!($kind) => Ok(Self::$kind $({ $($field: words.field(stringify!($field))?),* })?),)*
                    other => Err($crate::model::text::unreadable("a call", other)),
                }
            }
        }
    };
}

pub(super) use calls;
