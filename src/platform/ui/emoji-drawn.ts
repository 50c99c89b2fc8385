// Made by bin/emoji.mjs.

/** Of the drawings: a part of their addresses. */
export const drawingsEdition = 'b1c812bd'

/**
 * Emoji without a drawing, beside the flags of countries and regions: with all their tones; with `+`, those in tones
 * alone; behind `=`, exactly this one.
 */
export const undrawn = `🫩 🫪 🫯 🤝+ 🫈 🧑‍🩰 👯+ 👯‍♂️+ 👯‍♀️+ 🤼+ 🤼‍♂️+ 🤼‍♀️+ 🧑‍🤝‍🧑 👭 👫 👬 💏 👩‍❤️‍💋‍👨 👨‍❤️‍💋‍👨 👩‍❤️‍💋‍👩 💑 👩‍❤️‍👨 👨‍❤️‍👨 👩‍❤️‍👩 👨‍👩‍👦 👨‍👩‍👧 👨‍👩‍👧‍👦 👨‍👩‍👦‍👦 👨‍👩‍👧‍👧 👨‍👨‍👦 👨‍👨‍👧 👨‍👨‍👧‍👦 👨‍👨‍👦‍👦 👨‍👨‍👧‍👧 👩‍👩‍👦 👩‍👩‍👧 👩‍👩‍👧‍👦 👩‍👩‍👦‍👦 👩‍👩‍👧‍👧 👨‍👦 👨‍👦‍👦 👨‍👧 👨‍👧‍👦 👨‍👧‍👧 👩‍👦 👩‍👦‍👦 👩‍👧 👩‍👧‍👦 👩‍👧‍👧 👪 🧑‍🧑‍🧒 🧑‍🧑‍🧒‍🧒 🧑‍🧒 🧑‍🧒‍🧒 🫆 🏻 🏼 🏽 🏾 🏿 🦰 🦱 🦳 🦲 🫍 🪾 🫜 🛘 🪊 🪉 🪎 🪏 🫟`
