package hook

import "time"

// A Drift is something that a provider's messages have and its catalog does not.
type Drift struct {
	Provider string `json:"provider"`
	Event    string `json:"event"`
	// Schema names what the message was held against; "" where nothing is known of
	// such an event.
	Schema string `json:"schema"`
	// Kind is a stable word for it, such as "unknown_property".
	Kind string `json:"kind"`
	// Pointer is a JSON pointer, with * for the items of arrays and for keys that are data.
	Pointer string `json:"pointer"`
	// Detail is what was found, in words. It may hold text of the sender.
	Detail string `json:"detail"`
	// First and Last are when it was seen, Count how often: messages, not places in them.
	First time.Time `json:"first_at"`
	Last  time.Time `json:"last_at"`
	Count int64     `json:"count"`
	// Example is a capture that has it, the first.
	Example ID `json:"example"`
}

// A DriftKey tells drifts apart.
type DriftKey struct{ Provider, Event, Schema, Kind, Pointer, Detail string }

// Key is what tells d from others.
func (d *Drift) Key() DriftKey {
	return DriftKey{d.Provider, d.Event, d.Schema, d.Kind, d.Pointer, d.Detail}
}
