package hook

import "time"

// deliveryJSON is the stable form of a delivery.
type deliveryJSON struct {
	ID          ID            `json:"id"`
	Seq         int64         `json:"seq"`
	Endpoint    string        `json:"endpoint,omitempty"`
	URL         string        `json:"url"`
	Provider    string        `json:"provider"`
	Event       *eventJSON    `json:"event,omitempty"`
	CaptureID   ID            `json:"capture_id,omitempty"`
	CreatedAt   time.Time     `json:"created_at"`
	State       DeliveryState `json:"state"`
	Tries       int           `json:"tries"`
	Repeats     int           `json:"repeats,omitempty"`
	FirstAt     time.Time     `json:"first_at,omitzero"`
	LastAt      time.Time     `json:"last_at,omitzero"`
	DueAt       time.Time     `json:"due_at,omitzero"`
	Reason      string        `json:"reason,omitempty"`
	Method      string        `json:"method,omitempty"`
	ContentType string        `json:"content_type,omitempty"`
	Headers     Header        `json:"headers,omitempty"`
	Redacted    bool          `json:"redacted,omitempty"`
	Body        []byte        `json:"body_base64,omitempty"`
}

// MarshalJSON writes the delivery in its stable form, with the message that hookctl made,
// if it is loaded.
func (d *Delivery) MarshalJSON() ([]byte, error) {
	out := deliveryJSON{
		ID: d.ID, Seq: d.Seq, Endpoint: d.Endpoint, URL: d.URL, Provider: d.Provider, CaptureID: d.CaptureID,
		CreatedAt: inMicroseconds(d.CreatedAt), State: d.State, Tries: d.Tries, Repeats: d.Repeats,
		FirstAt: inMicroseconds(d.First), LastAt: inMicroseconds(d.Last), DueAt: inMicroseconds(d.Due), Reason: d.Reason,
	}
	if d.Event != (Event{}) {
		event := eventJSON(d.Event)
		out.Event = &event
	}
	if out.State == "" {
		out.State = Pending
	}
	if m := d.Message; m != nil {
		out.Method, out.ContentType, out.Headers, out.Body = m.Method, m.ContentType, m.Header, m.Body
		out.Redacted = m.Header.redacted()
	}
	return marshal(out)
}

// inMicroseconds is t as records have it: in UTC, to the microsecond.
func inMicroseconds(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }
