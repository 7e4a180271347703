package store

import (
	"encoding/json"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
)

// deliveryColumns are the columns of a delivery, as deliveryRow has them; deliveryHead are
// those that there were from the first.
const (
	deliveryColumns = deliveryHead + `, pace`
	deliveryHead    = `seq, id, place, endpoint, url, provider, event_type, event_id, event_time, event_items,
	capture_id, capture_seq, created_at, state, tries, repeats, first_at, last_at, due_at, reason, owner, checksum`
)

const insertDelivery = `INSERT INTO deliveries (` + deliveryColumns + `)
	VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`

// updateDelivery writes what changes in a delivery.
const updateDelivery = `UPDATE deliveries SET state = ?, tries = ?, repeats = ?, first_at = ?, last_at = ?, due_at = ?,
	reason = ?, owner = ?, checksum = ?, pace = ? WHERE seq = ?`

// A deliveryRow is a delivery without its message, in the database's terms. Times are
// microseconds, 0 for none.
type deliveryRow struct {
	seq                     int64
	id, place               string
	endpoint, url, provider string
	eventType, eventID      string
	eventTime               string
	eventItems              int64
	captureID               string
	captureSeq              int64
	createdAt               int64
	state                   string
	tries, repeats          int64
	firstAt, lastAt, dueAt  int64
	reason, owner           string
	checksum                int64
	pace                    string // as JSON, "" for that of the clock
}

// set fills r from d, without seq and checksum.
func (r *deliveryRow) set(d *hook.Delivery) {
	r.id, r.place = string(d.ID), d.Place()
	r.endpoint, r.url, r.provider = d.Endpoint, d.URL, d.Provider
	r.eventType, r.eventID, r.eventTime, r.eventItems = d.Event.Type, d.Event.ID, d.Event.Time, int64(d.Event.Items)
	r.captureID, r.captureSeq = string(d.CaptureID), d.CaptureSeq
	r.createdAt = micros(d.CreatedAt)
	r.setCourse(d)
}

// setCourse sets what changes in a delivery.
func (r *deliveryRow) setCourse(d *hook.Delivery) {
	c := &d.Course
	if r.state = string(c.State); c.State == "" {
		r.state = string(hook.Pending)
	}
	r.tries, r.repeats = int64(c.Tries), int64(c.Repeats)
	r.firstAt, r.lastAt, r.dueAt = micros(c.First), micros(c.Last), micros(c.Due)
	r.reason, r.owner = d.Reason, d.Owner
	if r.pace = ""; c.Pace != (hook.Pace{}) {
		text, _ := json.Marshal(c.Pace) // numbers and a time: nothing that could fail
		r.pace = string(text)
	}
}

// fingerprint computes the checksum of r by way of f.
func (r *deliveryRow) fingerprint(f *fingerprint) int64 {
	f.reset()
	f.number(r.seq)
	for _, text := range []string{
		r.id, r.place, r.endpoint, r.url, r.provider, r.eventType, r.eventID, r.eventTime, r.captureID, r.state, r.reason, r.owner,
	} {
		f.text(text)
	}
	for _, n := range []int64{r.eventItems, r.captureSeq, r.createdAt, r.tries, r.repeats, r.firstAt, r.lastAt, r.dueAt} {
		f.number(n)
	}
	if r.pace != "" {
		f.text(r.pace)
	}
	return f.sum()
}

// appendArgs appends the values of deliveryColumns to args.
func (r *deliveryRow) appendArgs(args []any) []any {
	return append(args, r.seq, r.id, r.place, r.endpoint, r.url, r.provider, r.eventType, r.eventID, r.eventTime, r.eventItems,
		r.captureID, r.captureSeq, r.createdAt, r.state, r.tries, r.repeats, r.firstAt, r.lastAt, r.dueAt, r.reason, r.owner, r.checksum, r.pace)
}

// appendCourse appends the arguments of updateDelivery to args.
func (r *deliveryRow) appendCourse(args []any) []any {
	return append(args, r.state, r.tries, r.repeats, r.firstAt, r.lastAt, r.dueAt, r.reason, r.owner, r.checksum, r.pace, r.seq)
}

// dest is where a row of deliveryColumns is scanned to.
func (r *deliveryRow) dest() []any {
	return []any{&r.seq, &r.id, &r.place, &r.endpoint, &r.url, &r.provider, &r.eventType, &r.eventID, &r.eventTime, &r.eventItems,
		&r.captureID, &r.captureSeq, &r.createdAt, &r.state, &r.tries, &r.repeats, &r.firstAt, &r.lastAt, &r.dueAt, &r.reason, &r.owner, &r.checksum, &r.pace}
}

// delivery returns what r holds, or a *DamagedRowError.
func (r *deliveryRow) delivery(f *fingerprint) (*hook.Delivery, error) {
	var pace hook.Pace
	if r.checksum != r.fingerprint(f) || r.pace != "" && json.Unmarshal([]byte(r.pace), &pace) != nil {
		return nil, r.damaged("head")
	}
	return &hook.Delivery{
		Seq: r.seq, ID: hook.ID(r.id), Endpoint: r.endpoint, URL: r.url, Provider: r.provider,
		Event:     hook.Event{Type: r.eventType, ID: r.eventID, Time: r.eventTime, Items: int(r.eventItems)},
		CaptureID: hook.ID(r.captureID), CaptureSeq: r.captureSeq, CreatedAt: fromMicros(r.createdAt),
		Course: hook.Course{
			State: hook.DeliveryState(r.state), Tries: int(r.tries), Repeats: int(r.repeats),
			First: fromMicros(r.firstAt), Last: fromMicros(r.lastAt), Due: fromMicros(r.dueAt), Pace: pace,
		},
		Reason: r.reason, Owner: r.owner,
	}, nil
}

func (r *deliveryRow) damaged(what string) *DamagedRowError {
	damaged := &DamagedRowError{Seq: r.seq, ID: hook.ID(r.id), What: what}
	if !damaged.ID.Valid(hook.DeliveryPrefix) {
		damaged.ID = ""
	}
	return damaged
}

// micros is t in microseconds, 0 for the zero time.
func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

func fromMicros(n int64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.UnixMicro(n).UTC()
}
