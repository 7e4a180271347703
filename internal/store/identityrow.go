package store

import (
	"encoding/json"
	"strings"

	"github.com/hookctl/hookctl/internal/hook"
)

// identityColumns are the columns of an identity, as identityRow has them.
const identityColumns = `seq, provider, candidates, event_type, event_id, event_time, event_items,
	outcome, scheme, reason, detail, unbound, checksum`

const insertIdentity = `INSERT OR REPLACE INTO identities (` + identityColumns + `)
	VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`

// An identityRow is an identity in the database's terms.
type identityRow struct {
	seq        int64 // of the capture
	provider   string
	candidates string // a JSON list, or ""
	event      string
	eventID    string
	eventTime  string
	items      int64
	outcome    string // "" where there is no verification
	scheme     string
	reason     string
	detail     string
	unbound    bool
	checksum   int64
}

// set fills r from id, without seq and checksum. Bytes that are not UTF-8 become
// U+FFFD: nothing that shows or searches an identity need think of them.
func (r *identityRow) set(id *hook.Identity) {
	*r = identityRow{
		provider: validText(id.Provider), candidates: candidatesText(id.Candidates),
		event: validText(id.Event.Type), eventID: validText(id.Event.ID), eventTime: validText(id.Event.Time),
		items: int64(id.Event.Items),
	}
	if v := id.Verification; v != nil {
		r.outcome, r.scheme = validText(string(v.Outcome)), validText(v.Scheme)
		r.reason, r.detail, r.unbound = validText(v.Reason), validText(v.Detail), v.Unbound
	}
}

func validText(s string) string { return strings.ToValidUTF8(s, "\ufffd") }

func candidatesText(names []string) string {
	if len(names) == 0 {
		return ""
	}
	list, _ := json.Marshal(names) // which cannot fail for strings
	return string(list)
}

// fingerprint computes the checksum of r by way of f.
func (r *identityRow) fingerprint(f *fingerprint) int64 {
	f.reset()
	f.number(r.seq)
	f.text(r.provider)
	f.text(r.candidates)
	f.text(r.event)
	f.text(r.eventID)
	f.text(r.eventTime)
	f.number(r.items)
	f.text(r.outcome)
	f.text(r.scheme)
	f.text(r.reason)
	f.text(r.detail)
	f.number(asInt(r.unbound))
	return f.sum()
}

// appendArgs appends the values of identityColumns to args.
func (r *identityRow) appendArgs(args []any) []any {
	return append(args, r.seq, r.provider, r.candidates, r.event, r.eventID, r.eventTime, r.items,
		r.outcome, r.scheme, r.reason, r.detail, asInt(r.unbound), r.checksum)
}

// dest appends where a row of identityColumns is scanned to.
func (r *identityRow) dest(to []any) []any {
	return append(to, &r.seq, &r.provider, &r.candidates, &r.event, &r.eventID, &r.eventTime, &r.items,
		&r.outcome, &r.scheme, &r.reason, &r.detail, &r.unbound, &r.checksum)
}

// identity returns what r holds, or a *DamagedRowError.
func (r *identityRow) identity(f *fingerprint) (*hook.Identity, error) {
	id := &hook.Identity{
		Provider: r.provider,
		Event:    hook.Event{Type: r.event, ID: r.eventID, Time: r.eventTime, Items: int(r.items)},
	}
	if r.checksum != r.fingerprint(f) || r.candidates != "" && json.Unmarshal([]byte(r.candidates), &id.Candidates) != nil {
		return nil, &DamagedRowError{Seq: r.seq, What: "identity"}
	}
	if r.outcome != "" {
		id.Verification = &hook.Verification{
			Outcome: hook.Outcome(r.outcome), Scheme: r.scheme, Reason: r.reason, Detail: r.detail, Unbound: r.unbound,
		}
	}
	return id, nil
}
