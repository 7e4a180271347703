package store

import (
	"cmp"
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"strconv"

	"github.com/hookctl/hookctl/internal/hook"
)

// loaded is a capture, or why it cannot be read: a *DamagedRowError.
type loaded struct {
	capture *hook.Capture
	err     error
}

// smallBody is the largest body that is read along with its capture, in bytes: a query for
// each costs more than all else that a list does.
const smallBody = 64 << 10

// A bodySource says where bodies are read from, and when.
type bodySource struct {
	db *sql.DB
	// along reads small bodies along with their captures.
	along bool
}

// column is the expression for what is read along.
func (b bodySource) column() string {
	if b.along {
		return `CASE WHEN body_size <= ` + strconv.Itoa(smallBody) + ` THEN body END`
	}
	return `NULL`
}

// of returns the body of c, which is text where it was read along and is sound.
func (b bodySource) of(c *hook.Capture, text []byte) hook.Body {
	if text != nil && sha256.Sum256(text) == c.BodySHA256 {
		return hook.Bytes(text)
	}
	return bodyOf(b.db, c)
}

// load reads the captures seqs, in the order given, with their identities,
// validations and replies. Those that are gone are left out.
func load(ctx context.Context, db querier, bodies bodySource, o order, seqs []int64) ([]loaded, error) {
	if len(seqs) == 0 {
		return nil, nil
	}
	page, err := loadCaptures(ctx, db, bodies, o, seqs)
	if errors.Is(explain(err), ErrDamaged) {
		page, err = loadSingly(ctx, db, bodies, o, seqs)
	}
	if err != nil {
		return nil, err
	}
	return page, complete(ctx, db, page, seqs)
}

// complete adds to the captures seqs in page what is kept beside them.
func complete(ctx context.Context, db querier, page []loaded, seqs []int64) error {
	if len(seqs) == 0 {
		return nil
	}
	if err := addJudgements(ctx, db, page, seqs); err != nil {
		return err
	}
	if err := addValidations(ctx, db, page, seqs); err != nil {
		return err
	}
	return addReplies(ctx, db, page)
}

// loadSingly does what loadCaptures does, around the pages that cannot be read.
func loadSingly(ctx context.Context, db querier, bodies bodySource, o order, seqs []int64) ([]loaded, error) {
	var page []loaded
	for _, seq := range seqs {
		one, err := loadCaptures(ctx, db, bodies, o, []int64{seq})
		if errors.Is(explain(err), ErrDamaged) {
			one, err = []loaded{{err: &DamagedRowError{Seq: seq, What: "page"}}}, nil
		}
		if err != nil {
			return nil, err
		}
		page = append(page, one...)
	}
	return page, nil
}

func loadCaptures(ctx context.Context, db querier, bodies bodySource, o order, seqs []int64) ([]loaded, error) {
	condition, args := among(`seq`, seqs)
	condition = ` ` + condition + ` ORDER BY seq`
	if o == descending {
		condition += ` DESC`
	}
	rows, err := db.QueryContext(ctx, packedWhere(condition, bodies), args...)
	if err != nil {
		return nil, err
	}
	page, ok, err := loadPacked(rows, bodies, len(seqs))
	if ok || err != nil {
		return page, err
	}
	rows, err = db.QueryContext(ctx, `SELECT `+captureColumns+`, identity, `+bodies.column()+` FROM captures WHERE`+condition, args...)
	if err != nil {
		return nil, err
	}
	return loadByColumn(rows, bodies, len(seqs))
}

// loadByColumn is loadCaptures for rows of any kind, some n of them. It closes rows.
func loadByColumn(rows *sql.Rows, bodies bodySource, n int) ([]loaded, error) {
	defer rows.Close()
	page := make([]loaded, 0, n)
	var row captureRow
	var print fingerprint
	var body []byte
	dest := append(row.dest(nil), &row.identity, &body)
	for rows.Next() {
		body = nil
		if rows.Scan(dest...) != nil { // a value of a type that we never write
			page = append(page, loaded{err: &DamagedRowError{Seq: row.seq, What: "head"}})
			continue
		}
		c, err := row.loaded(bodies, body, &print)
		page = append(page, loaded{c, err})
	}
	return page, rows.Err()
}

// loaded returns the capture that r holds, with its identity and its body: text as far as
// that was read along.
func (r *captureRow) loaded(bodies bodySource, text []byte, f *fingerprint) (*hook.Capture, error) {
	c, err := r.capture(f)
	if err != nil {
		return nil, err
	}
	c.Body = bodies.of(c, text)
	c.Identity, _ = r.known(f) // Check tells of one that is damaged
	return c, nil
}

// addJudgements sets the identities of those of the captures seqs in page that were
// judged anew.
func addJudgements(ctx context.Context, db querier, page []loaded, seqs []int64) error {
	these, args := among(`seq`, seqs)
	judged, err := judgements(ctx, db, these, args...)
	for _, l := range page {
		if l.err != nil {
			continue
		}
		if id, ok := judged[l.capture.Seq]; ok {
			l.capture.Identity = id
		}
	}
	return err
}

// addReplies sets the replies that attempts decided, the newest for each capture.
func addReplies(ctx context.Context, db querier, page []loaded) error {
	waiting := map[int64]*hook.Capture{}
	var seqs []int64
	for _, l := range page {
		if l.err == nil && l.capture.Reply == nil {
			waiting[l.capture.Seq] = l.capture
			seqs = append(seqs, l.capture.Seq)
		}
	}
	if len(seqs) == 0 {
		return nil
	}
	rows, err := db.QueryContext(ctx, `SELECT `+attemptColumns+` FROM attempts
		WHERE capture_seq IN (SELECT value FROM json_each(?)) AND reply_from IS NOT NULL ORDER BY seq`, jsonList(seqs))
	if err != nil {
		return err
	}
	defer rows.Close()
	var row attemptRow
	var print fingerprint
	dest := row.dest(nil)
	for rows.Next() {
		// A damaged attempt decides nothing. Attempts tells of it.
		if rows.Scan(dest...) == nil && row.checksum == row.fingerprint(&print) {
			waiting[row.captureSeq].Reply = row.reply.reply()
		}
	}
	return rows.Err()
}

// among is the condition that a column is one of seqs, with its arguments. Most often
// they lie side by side: then it is a range, which takes a fraction of the time.
func among(column string, seqs []int64) (condition string, args []any) {
	first, last := seqs[0], seqs[len(seqs)-1]
	step := int64(cmp.Compare(last, first))
	for i, seq := range seqs {
		if seq != first+int64(i)*step {
			return column + ` IN (SELECT value FROM json_each(?))`, []any{jsonList(seqs)}
		}
	}
	return column + ` BETWEEN ? AND ?`, []any{min(first, last), max(first, last)}
}

// jsonList is seqs as one argument.
func jsonList(seqs []int64) string {
	list := []byte{'['}
	for i, seq := range seqs {
		if i > 0 {
			list = append(list, ',')
		}
		list = strconv.AppendInt(list, seq, 10)
	}
	return string(append(list, ']'))
}
