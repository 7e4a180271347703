package store

import (
	"context"
	"database/sql"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
)

// A DeliveryQuery says which deliveries are wanted. The zero DeliveryQuery is all of
// them, newest first. A delivery must fit each of its fields that is not zero.
type DeliveryQuery struct {
	// Place is the name of the endpoint that they go to, or the URL.
	Place string
	// Event is a glob of the event's type.
	Event string
	// States are those of which they have one.
	States []hook.DeliveryState
	// Capture is the whole id of the capture that they deliver.
	Capture hook.ID
	// They were made at Since or later, and before Until.
	Since, Until time.Time
	// Limit is how many there are at most.
	Limit int
	// Ascending is oldest first.
	Ascending bool
}

// deliveryPage is how many deliveries are read at once.
const deliveryPage = 1024

// Deliveries lists the deliveries that fit q, without their messages. A *DamagedRowError
// is one that cannot be read: the list goes on after it. Any other error ends the list;
// a capture that is not there is a *NotFoundError.
func (s *Store) Deliveries(ctx context.Context, q DeliveryQuery) iter.Seq2[*hook.Delivery, error] {
	return func(yield func(*hook.Delivery, error) bool) {
		text, err := q.statement(ctx, s.readers)
		if err == nil {
			fits := func(d *hook.Delivery) bool {
				return q.Event == "" || d.Event.Type != "" && hook.Glob(q.Event, d.Event.Type)
			}
			err = s.listDeliveries(ctx, text, order(q.Ascending), 0, q.Limit, fits, yield)
		}
		if err != nil {
			yield(nil, explain(err))
		}
	}
}

// Pending lists the deliveries to a place that wait for an attempt, "" for all places,
// those beyond the seq after, in the order of seq, without their messages. What is made
// meanwhile may be in the list or not. Damage is as for Deliveries.
func (s *Store) Pending(ctx context.Context, place string, after int64) iter.Seq2[*hook.Delivery, error] {
	return func(yield func(*hook.Delivery, error) bool) {
		var err error
		if place == "" {
			err = s.listAllPending(ctx, after, yield)
		} else {
			text := statement{text: `SELECT ` + deliveryColumns + ` FROM deliveries WHERE`}
			text.and(`state = 'pending' AND place = ?`, place)
			err = s.listDeliveries(ctx, text, ascending, after, 0, func(*hook.Delivery) bool { return true }, yield)
		}
		if err != nil {
			yield(nil, explain(err))
		}
	}
}

// statement returns q in SQL, up to the condition on seq.
func (q *DeliveryQuery) statement(ctx context.Context, db querier) (statement, error) {
	s := statement{text: `SELECT ` + deliveryColumns + ` FROM deliveries WHERE`}
	if q.Capture != "" {
		seq, err := captureKind().resolve(ctx, db, string(q.Capture))
		if err != nil {
			return s, err
		}
		s.and(`capture_seq > 0 AND capture_seq = ?`, seq)
	}
	if q.Place != "" {
		s.and(`place = ?`, q.Place)
	}
	if len(q.States) > 0 {
		s.and(`state IN (`+marks(len(q.States))+`)`, texts(q.States)...)
	}
	if q.Event != "" && !strings.ContainsAny(q.Event, "*?") {
		s.and(`event_type = ?`, q.Event)
	}
	if !q.Since.IsZero() {
		s.and(`created_at >= ?`, q.Since.UnixMicro())
	}
	if !q.Until.IsZero() {
		s.and(`created_at < ?`, q.Until.UnixMicro())
	}
	return s, nil
}

// listDeliveries yields what text selects beyond after, limit of them at most; 0 is all.
func (s *Store) listDeliveries(ctx context.Context, text statement, o order, after int64, limit int,
	fits func(*hook.Delivery) bool, yield func(*hook.Delivery, error) bool,
) error {
	at := o.start()
	if o == ascending {
		at = max(at, after)
	}
	for at != o.end() {
		page, err := readDeliveries(ctx, s.readers, statement{text.text + o.sql(), append(text.args[:len(text.args):len(text.args)], at, deliveryPage)})
		if err != nil {
			return err
		}
		for _, found := range page {
			if found.err == nil && !fits(found.delivery) {
				continue
			}
			if !yield(found.delivery, found.err) {
				return nil
			}
			if limit--; limit == 0 {
				return nil
			}
		}
		if len(page) < deliveryPage {
			return nil
		}
		at = page[len(page)-1].seq
	}
	return nil
}

// listAllPending goes along the index of what is pending, which is by place: far less
// than all deliveries there ever were.
func (s *Store) listAllPending(ctx context.Context, after int64, yield func(*hook.Delivery, error) bool) error {
	seqs, err := readSeqs(ctx, s.readers, `SELECT seq FROM deliveries INDEXED BY deliveries_pending WHERE state = 'pending' AND seq > ?`, after)
	if err != nil {
		return err
	}
	slices.Sort(seqs)
	for some := range slices.Chunk(seqs, deliveryPage) {
		page, err := readDeliveries(ctx, s.readers, statement{`SELECT ` + deliveryColumns + ` FROM deliveries
			WHERE state = 'pending' AND seq IN (SELECT value FROM json_each(?)) ORDER BY seq`, []any{jsonList(some)}})
		if err != nil {
			return err
		}
		for _, found := range page {
			if !yield(found.delivery, found.err) {
				return nil
			}
		}
	}
	return nil
}

func readSeqs(ctx context.Context, db querier, text string, args ...any) ([]int64, error) {
	rows, err := db.QueryContext(ctx, text, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var seqs []int64
	for rows.Next() {
		var seq int64
		if err := rows.Scan(&seq); err != nil {
			return nil, err
		}
		seqs = append(seqs, seq)
	}
	return seqs, rows.Err()
}

// A loadedDelivery is a delivery, or why it cannot be read: a *DamagedRowError.
type loadedDelivery struct {
	seq      int64
	delivery *hook.Delivery
	err      error
}

// readDeliveries reads what a statement on deliveryColumns selects.
func readDeliveries(ctx context.Context, db querier, s statement) ([]loadedDelivery, error) {
	rows, err := db.QueryContext(ctx, s.text, s.args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var page []loadedDelivery
	var row deliveryRow
	var print fingerprint
	dest := row.dest()
	for rows.Next() {
		var found loadedDelivery
		if rows.Scan(dest...) != nil { // a value of a type that we never write
			found.err = &DamagedRowError{Seq: row.seq, What: "head"}
		} else {
			found.delivery, found.err = row.delivery(&print)
		}
		found.seq = row.seq
		page = append(page, found)
	}
	return page, rows.Err()
}

// FindDelivery returns the delivery that ref names, in the ways of Find, with "dlv_" for
// "cap_", and with its message. One that is pending and has lost its message is a
// *DamagedRowError.
func (s *Store) FindDelivery(ctx context.Context, ref string) (*hook.Delivery, error) {
	tx, err := s.readers.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return nil, explain(err)
	}
	defer tx.Rollback()
	one := statement{`SELECT ` + deliveryColumns + ` FROM deliveries WHERE id = ?`, []any{ref}}
	if !hook.ID(ref).Valid(hook.DeliveryPrefix) { // else there is nothing to search for: the engine asks before each attempt
		seq, err := deliveryKind().resolve(ctx, tx, ref)
		if err != nil {
			return nil, s.missed(err)
		}
		one = statement{`SELECT ` + deliveryColumns + ` FROM deliveries WHERE seq = ?`, []any{seq}}
	}
	page, err := readDeliveries(ctx, tx, one)
	if err != nil {
		return nil, explain(err)
	}
	if len(page) == 0 {
		return nil, &NotFoundError{Ref: ref, Prefix: hook.DeliveryPrefix}
	}
	d, err := page[0].delivery, page[0].err
	if err != nil {
		return nil, err
	}
	if d.Message, err = readMessage(ctx, tx, d.Seq); err != nil {
		return nil, explain(err)
	}
	if d.Message == nil && d.CaptureSeq == 0 && !d.Over() {
		return nil, &DamagedRowError{Seq: d.Seq, ID: d.ID, What: "message"}
	}
	return d, nil
}
