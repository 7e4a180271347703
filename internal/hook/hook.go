// Package hook holds the nouns of hookctl: what was received (Capture), what was
// sent (Attempt), and the parts both are made of. It does no I/O and reads no
// clock; every other package speaks in its words.
package hook
