package store

import (
	"database/sql"

	"github.com/hookctl/hookctl/internal/hook"
)

// partColumns are the columns of an attempt that rows of older versions do not have.
const partColumns = `delivery, run, try, endpoint, provider, event, acknowledged`

// An attemptPart says what an attempt was part of. Its columns are NULL where there is
// nothing to say: that is all of it in rows of older versions.
type attemptPart struct {
	delivery, run             sql.NullString
	try                       sql.NullInt64
	endpoint, provider, event sql.NullString
	acknowledged              sql.NullInt64
}

func (p *attemptPart) set(a *hook.Attempt) {
	*p = attemptPart{
		delivery: nullText(string(a.Delivery)), run: nullText(string(a.Run)),
		try:      sql.NullInt64{Int64: int64(a.Try), Valid: a.Try != 0},
		endpoint: nullText(a.Endpoint), provider: nullText(a.Provider), event: nullText(a.Event),
	}
	if a.Acknowledged != nil {
		p.acknowledged = sql.NullInt64{Int64: asInt(*a.Acknowledged), Valid: true}
	}
}

func nullText(s string) sql.NullString { return sql.NullString{String: s, Valid: s != ""} }

// addTo adds nothing where p says nothing: rows of older versions keep their checksums.
func (p *attemptPart) addTo(f *fingerprint) {
	if *p == (attemptPart{}) {
		return
	}
	f.text(p.delivery.String)
	f.text(p.run.String)
	f.number(p.try.Int64)
	f.text(p.endpoint.String)
	f.text(p.provider.String)
	f.text(p.event.String)
	f.number(asInt(p.acknowledged.Valid))
	f.number(p.acknowledged.Int64)
}

// appendArgs appends the values of partColumns to args.
func (p *attemptPart) appendArgs(args []any) []any {
	for _, text := range []*sql.NullString{&p.delivery, &p.run} {
		args = append(args, orNullText(text))
	}
	args = append(args, orNullNumber(&p.try))
	for _, text := range []*sql.NullString{&p.endpoint, &p.provider, &p.event} {
		args = append(args, orNullText(text))
	}
	return append(args, orNullNumber(&p.acknowledged))
}

func orNullText(s *sql.NullString) any {
	if !s.Valid {
		return nil
	}
	return s.String
}

func orNullNumber(n *sql.NullInt64) any {
	if !n.Valid {
		return nil
	}
	return n.Int64
}

// dest appends where a row of partColumns is scanned to.
func (p *attemptPart) dest(to []any) []any {
	return append(to, &p.delivery, &p.run, &p.try, &p.endpoint, &p.provider, &p.event, &p.acknowledged)
}

// addToAttempt sets in a what p says.
func (p *attemptPart) addToAttempt(a *hook.Attempt) {
	a.Delivery, a.Run, a.Try = hook.ID(p.delivery.String), hook.ID(p.run.String), int(p.try.Int64)
	a.Endpoint, a.Provider, a.Event = p.endpoint.String, p.provider.String, p.event.String
	if p.acknowledged.Valid {
		acknowledged := p.acknowledged.Int64 != 0
		a.Acknowledged = &acknowledged
	}
}
