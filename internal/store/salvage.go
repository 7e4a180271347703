package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"io"
	"strings"

	"github.com/hookctl/hookctl/internal/hook"
)

// A sink takes the records that a salvage found sound.
type sink interface {
	capture(ctx context.Context, c *hook.Capture) error
	attempt(ctx context.Context, a *hook.Attempt) error
	judgement(ctx context.Context, id *hook.Identity, capture int64) error
	deliverySink
}

// A salvage reads every record of a store that may be damaged, first by SQLite
// and then, where that cannot go, page by page.
type salvage struct {
	db     *sql.DB // no statement of it is open while another is run
	path   string
	sink   sink
	report *Report

	print   fingerprint
	blamed  map[int64]bool // the rows of the table being read that are in the report as damaged
	rescued map[int64]bool // those that were found outside of SQLite
	raw     bool           // what is read now comes from outside of SQLite
	chunks  map[chunkPlace]int64

	messages map[int64]bool // the deliveries whose messages were there, sound or not
}

// chunkPlace names a chunk: of which capture, and the how manieth.
type chunkPlace struct{ capture, n int64 }

// run reads all records: captures before what belongs to them, and messages before
// their deliveries.
func (v *salvage) run(ctx context.Context) error {
	for _, t := range v.tables(ctx) {
		v.blamed, v.rescued = map[int64]bool{}, map[int64]bool{}
		if err := v.read(ctx, t); err != nil {
			return err
		}
	}
	return nil
}

// tables are those that there are in the version of the store.
func (v *salvage) tables(ctx context.Context) []table {
	switch {
	case lacks(ctx, v.db, "captures", "identity"):
		return []table{v.captures(`NULL`), v.attempts(older)}
	case lacks(ctx, v.db, "attempts", "answer"):
		return []table{v.captures(`identity`), v.attempts(older), v.judgements()}
	}
	return append([]table{v.captures(`identity`), v.attempts(partColumns + `, answer`), v.judgements()}, v.deliveryTables(ctx)...)
}

// older stands for what attempts have in columns that there were none of.
const older = `NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL`

// lacks reports whether a table of the store is without a column, as it was in older
// versions, as far as that can be told.
func lacks(ctx context.Context, db *sql.DB, table, column string) bool {
	var columns, known int
	err := db.QueryRowContext(ctx, `SELECT count(*), count(*) FILTER (WHERE name = ?2) FROM pragma_table_info(?1)`, table, column).
		Scan(&columns, &known)
	return err == nil && columns > 0 && known == 0
}

// captures is the table of captures whose identities are in a column.
func (v *salvage) captures(identity string) table {
	var row captureRow
	var body []byte
	return table{
		name: "captures", columns: captureColumns + `, body, ` + identity, added: 1, index: "facets",
		seq: &row.seq, dest: append(row.dest(nil), &body, &row.identity),
		reset: func() { row, body = captureRow{}, nil },
		take:  func(ctx context.Context, whole bool) (bool, error) { return v.takeCapture(ctx, &row, body, whole) },
	}
}

// attempts is the table of attempts, with the columns added that came later.
func (v *salvage) attempts(added string) table {
	var row attemptRow
	var before, body []byte
	dest := append(row.part.dest(append(row.headDest(nil), &before)), &body)
	return table{
		name: "attempts", columns: attemptHead + `, response_body, ` + added, added: strings.Count(older, ",") + 1, index: "attempt_ids",
		seq: &row.seq, dest: dest,
		reset: func() { row, before, body = attemptRow{}, nil, nil },
		take: func(ctx context.Context, whole bool) (bool, error) {
			if body == nil {
				body = before
			}
			return v.takeAttempt(ctx, &row, body, whole)
		},
	}
}

func (v *salvage) judgements() table {
	var row judgementRow
	return table{
		name: "identities", columns: judgementColumns, seq: &row.seq, dest: row.dest(),
		reset: func() { row = judgementRow{} },
		take:  func(ctx context.Context, whole bool) (bool, error) { return v.takeJudgement(ctx, &row, whole) },
	}
}

// read reads a table, around what is damaged, and then looks there by itself.
func (v *salvage) read(ctx context.Context, t table) error {
	gaps, err := t.walk(ctx, v.db)
	if err != nil || len(gaps) == 0 {
		return err
	}
	if err := v.readRaw(ctx, t, gaps); err != nil || t.index == "" {
		return err
	}
	return v.missing(ctx, t, gaps)
}

// readRaw takes the rows of t within gaps from the pages of the file.
func (v *salvage) readRaw(ctx context.Context, t table, gaps []span) error {
	raw, err := openRaw(v.path)
	if err != nil {
		return err
	}
	defer raw.close()
	v.raw = true
	defer func() { v.raw = false }()
	for page := int64(1); page <= raw.pages; page++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		var failed error
		raw.rows(page, func(row rawRow) {
			if failed != nil || v.rescued[row.seq] || !inAny(gaps, row.seq) || !t.fill(row) {
				return
			}
			v.rescued[row.seq], failed = t.take(ctx, true)
		})
		if failed != nil {
			return failed
		}
	}
	return nil
}

func inAny(spans []span, n int64) bool {
	for _, s := range spans {
		if s.has(n) {
			return true
		}
	}
	return false
}

// missing names the records in gaps that were not found at all: the index may know
// of them.
func (v *salvage) missing(ctx context.Context, t table, gaps []span) error {
	for _, gap := range gaps {
		rows, err := v.db.QueryContext(ctx, `SELECT seq FROM `+t.index+` WHERE seq BETWEEN ? AND ?`, gap.lo, gap.hi)
		if err != nil {
			return ctx.Err()
		}
		for rows.Next() {
			var seq int64
			if rows.Scan(&seq) == nil && !v.rescued[seq] {
				v.blame(&DamagedRowError{Seq: seq, What: "page"})
			}
		}
		rows.Close()
	}
	return ctx.Err()
}

// blame puts a damaged record into the report, once.
func (v *salvage) blame(damaged *DamagedRowError) {
	if v.blamed[damaged.Seq] {
		return
	}
	v.blamed[damaged.Seq] = true
	v.report.DamagedCount++
	if len(v.report.Damaged) < maxNamed {
		v.report.Damaged = append(v.report.Damaged, damaged)
	}
}

// takeCapture gives the sink the capture in row if it is sound. whole says that
// row could be read as such.
func (v *salvage) takeCapture(ctx context.Context, row *captureRow, body []byte, whole bool) (bool, error) {
	if !whole {
		v.blame(&DamagedRowError{Seq: row.seq, What: "head"})
		return false, nil
	}
	c, err := row.capture(&v.print)
	if err == nil {
		c.Body, err = v.soundBody(ctx, c, body)
	}
	var damaged *DamagedRowError
	if errors.As(err, &damaged) {
		if damaged.What == "head" || !v.deleted(ctx, row.seq) {
			v.blame(damaged)
		}
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if c.Identity, err = row.known(&v.print); errors.As(err, &damaged) {
		v.blame(damaged) // the capture is worth more than what was made of it
	}
	v.report.Captures++
	return true, v.sink.capture(ctx, c)
}

// deleted reports whether somebody deleted a capture since it was read.
func (v *salvage) deleted(ctx context.Context, seq int64) bool {
	if v.raw { // SQLite does not know of it anyway
		return false
	}
	err := v.db.QueryRowContext(ctx, `SELECT seq FROM captures WHERE seq = ?`, seq).Scan(&seq)
	return errors.Is(err, sql.ErrNoRows)
}

// soundBody returns the body of c once it has been found to have its digest.
func (v *salvage) soundBody(ctx context.Context, c *hook.Capture, inline []byte) (hook.Body, error) {
	kept := &keptBody{db: v.db, seq: c.Seq, id: c.ID, size: c.BodySize, sha256: c.BodySHA256}
	if c.BodySize <= maxInline {
		if int64(len(inline)) != c.BodySize || sha256.Sum256(inline) != c.BodySHA256 {
			return nil, kept.damaged()
		}
		return hook.Bytes(bytes.Clone(inline)), nil
	}
	body := &salvagedBody{keptBody: kept, load: func(n int) ([]byte, error) { return v.chunk(ctx, kept, int64(n)) }}
	r, err := body.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	_, err = io.Copy(io.Discard, r)
	return body, err
}

// A salvagedBody is a large body of a store that may be damaged.
type salvagedBody struct {
	*keptBody
	load func(n int) ([]byte, error)
}

// Open returns a reader over the bytes.
func (b *salvagedBody) Open() (io.ReadCloser, error) {
	return &chunkReader{body: b.keptBody, load: b.load, digest: sha256.New()}, nil
}

// chunk reads a chunk of b by SQLite, or by itself.
func (v *salvage) chunk(ctx context.Context, b *keptBody, n int64) ([]byte, error) {
	var data []byte
	err := v.db.QueryRowContext(ctx, `SELECT data FROM body_chunks WHERE capture_seq = ? AND n = ?`, b.seq, n).Scan(&data)
	if err == nil {
		return data, nil
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	raw, err := openRaw(v.path)
	if err != nil {
		return nil, err
	}
	defer raw.close()
	if v.chunks == nil {
		v.chunks = chunkPages(raw)
	}
	raw.rows(v.chunks[chunkPlace{b.seq, n}], func(row rawRow) {
		if place, found, ok := asChunk(row); ok && place == (chunkPlace{b.seq, n}) {
			data = found
		}
	})
	if data == nil {
		return nil, b.damaged()
	}
	return data, nil
}

// chunkPages finds the page of every chunk.
func chunkPages(raw *rawFile) map[chunkPlace]int64 {
	pages := map[chunkPlace]int64{}
	for page := int64(1); page <= raw.pages; page++ {
		raw.rows(page, func(row rawRow) {
			if place, _, ok := asChunk(row); ok {
				pages[place] = page
			}
		})
	}
	return pages
}

// asChunk reads a row of body_chunks.
func asChunk(row rawRow) (place chunkPlace, data []byte, ok bool) {
	ok = assign([]any{&place.capture, &place.n, &data}, row.values) && len(data) > 0
	return place, data, ok
}

// takeAttempt gives the sink the attempt in row if it is sound.
func (v *salvage) takeAttempt(ctx context.Context, row *attemptRow, body []byte, whole bool) (bool, error) {
	if !whole {
		v.blame(&DamagedRowError{Seq: row.seq, What: "head"})
		return false, nil
	}
	a, err := row.attempt(bytes.Clone(body), &v.print)
	var damaged *DamagedRowError
	if errors.As(err, &damaged) {
		v.blame(damaged)
		return false, nil
	}
	v.report.Attempts++
	err = v.sink.attempt(ctx, a)
	var gone *NotFoundError
	if errors.As(err, &gone) { // its capture was lost
		v.report.Attempts--
		v.blame(&DamagedRowError{Seq: a.Seq, ID: a.ID, What: "capture"})
		err = nil
	}
	return true, err
}

// takeJudgement gives the sink the judgement in row if it is sound. Outside of
// SQLite rows of other tables look the same: it is the checksum that tells.
func (v *salvage) takeJudgement(ctx context.Context, row *judgementRow, whole bool) (bool, error) {
	id, err := row.identity(&v.print)
	switch {
	case whole && err == nil:
		return true, v.sink.judgement(ctx, id, row.seq)
	case !v.raw:
		v.blame(&DamagedRowError{Seq: row.seq, What: "identity"})
	}
	return false, nil
}
