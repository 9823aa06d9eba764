//! 要求 — what each clause asks, and which parts of the program carry it out.
