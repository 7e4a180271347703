package store

import (
	"context"
	"database/sql"
	"slices"
	"strconv"
	"strings"

	"github.com/hookctl/hookctl/internal/hook"
)

// A packed attempt is one text with all attemptColumns: to ask the database for each
// column of a row takes twice as long as to let it put them together. A row of which
// that is not the whole truth, for the separator is in its values or NULL is not the
// same as empty, does not have its checksum then, and is read column by column.

const packSeparator = "\x1f"

// packedColumns are attemptColumns as one text, after seq.
func packedColumns() string {
	names := strings.Split(attemptColumns, ",")
	return `seq, concat(` + strings.Join(names[1:], `, char(31), `) + `)`
}

// unpack sets r from what packedColumns has.
func (r *attemptRow) unpack(seq int64, packed string) bool {
	u := unpacker{rest: packed}
	*r = attemptRow{
		seq: seq, id: u.text(), captureID: u.text(), captureSeq: u.number(), startedAt: u.number(), trigger: u.text(),
		method: u.text(), url: u.text(), status: u.number(), latency: u.number(), failure: u.text(), reason: u.text(),
		proto: u.text(), headers: append(r.headers[:0], u.text()...), size: u.number(), crc: u.number(),
		reply: u.reply(), checksum: u.number(),
	}
	r.part = attemptPart{
		delivery: nullText(u.text()), run: nullText(u.text()), try: u.maybe(u.text()),
		endpoint: nullText(u.text()), provider: nullText(u.text()), event: nullText(u.text()), acknowledged: u.maybe(u.text()),
	}
	return !u.bad && u.ended
}

// An unpacker takes values from the front of a packed row.
type unpacker struct {
	rest  string
	ended bool // there is no more
	bad   bool
}

func (u *unpacker) text() string {
	u.bad = u.bad || u.ended
	value, rest, more := strings.Cut(u.rest, packSeparator)
	u.rest, u.ended = rest, !more
	return value
}

func (u *unpacker) reply() (r replyColumns) {
	status, from, dropped, latency := u.text(), u.text(), u.text(), u.text()
	if from == "" {
		return r
	}
	r.from = sql.NullString{String: from, Valid: true}
	r.status, r.latency = u.maybe(status), u.maybe(latency)
	r.dropped = sql.NullString{String: dropped, Valid: true}
	return r
}

func (u *unpacker) number() int64 { return u.parse(u.text()) }

// maybe is a number that is NULL where there is none.
func (u *unpacker) maybe(text string) sql.NullInt64 {
	if text == "" {
		return sql.NullInt64{}
	}
	return sql.NullInt64{Int64: u.parse(text), Valid: true}
}

func (u *unpacker) parse(text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	u.bad = u.bad || err != nil
	return n
}

// bareAfter returns a page of attempts beyond at without the bodies of responses, and
// how far it goes. s selects packedColumns.
func bareAfter(ctx context.Context, db querier, s statement, o order, at int64) ([]loadedAttempt, int64, error) {
	page, rereads, reach, err := readPacked(ctx, db, s, o, at)
	if err != nil {
		return nil, 0, err
	}
	for _, i := range rereads {
		if page[i].attempt, page[i].err, err = bareAttempt(ctx, db, page[i].seq); err != nil {
			return nil, 0, err
		}
	}
	gone := func(l loadedAttempt) bool { return l.attempt == nil && l.err == nil }
	return slices.DeleteFunc(page, gone), reach, nil
}

// bareAttempt reads the attempt seq column by column. There is none where it was deleted
// meanwhile.
func bareAttempt(ctx context.Context, db querier, seq int64) (a *hook.Attempt, damaged, err error) {
	var row attemptRow
	var print fingerprint
	rows, err := db.QueryContext(ctx, `SELECT `+attemptColumns+` FROM attempts WHERE seq = ?`, seq)
	if err != nil {
		return nil, nil, err
	}
	defer rows.Close()
	if !rows.Next() {
		return nil, nil, rows.Err()
	}
	if rows.Scan(row.dest(nil)...) != nil { // a value of a type that we never write
		return nil, &DamagedRowError{Seq: seq, What: "head"}, nil
	}
	a, damaged = row.bare(&print)
	return a, damaged, rows.Err()
}

// readPacked returns with a page the places in it of those that have to be read again.
func readPacked(ctx context.Context, db querier, s statement, o order, at int64) (page []loadedAttempt, rereads []int, reach int64, err error) {
	rows, err := db.QueryContext(ctx, s.text+o.sql(), append(s.args[:len(s.args):len(s.args)], at, barePage)...)
	if err != nil {
		return nil, nil, 0, err
	}
	defer rows.Close()
	page = make([]loadedAttempt, 0, barePage)
	var seq int64
	var packed string
	var row attemptRow
	var print fingerprint
	for rows.Next() {
		if err := rows.Scan(&seq, &packed); err != nil {
			return nil, nil, 0, err
		}
		found := loadedAttempt{seq: seq, err: errTrouble}
		if row.unpack(seq, packed) {
			found.attempt, found.err = row.bare(&print)
		}
		if found.err != nil {
			rereads = append(rereads, len(page))
		}
		page = append(page, found)
	}
	reach = o.end()
	if len(page) == barePage {
		reach = seq
	}
	return page, rereads, reach, rows.Err()
}
