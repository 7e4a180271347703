package store

import (
	"context"
	"errors"

	"github.com/hookctl/hookctl/internal/hook"
)

// A deliverySink takes the records that have to do with deliveries.
type deliverySink interface {
	message(ctx context.Context, m *hook.Message, delivery int64) error
	delivery(ctx context.Context, d *hook.Delivery) error
	standing(ctx context.Context, place string, st *hook.Standing) error
	run(ctx context.Context, r *hook.Run, seq int64) error
}

// deliveryTables are the tables that have to do with deliveries.
func (v *salvage) deliveryTables(ctx context.Context) []table {
	pace := `pace`
	if lacks(ctx, v.db, "deliveries", pace) {
		pace = `''`
	}
	return []table{v.messageTable(), v.deliveryTable(pace), v.standingTable(), v.runTable()}
}

func (v *salvage) messageTable() table {
	var row messageRow
	v.messages = map[int64]bool{}
	return table{
		name: "messages", columns: messageColumns, seq: &row.seq, dest: row.dest(),
		reset: func() { row = messageRow{} },
		take: func(ctx context.Context, whole bool) (bool, error) {
			m, err := row.message(&v.print)
			if !v.raw || err == nil {
				v.messages[row.seq] = true
			}
			return v.judge(row.seq, "message", whole, err, func() error { return v.sink.message(ctx, m, row.seq) })
		},
	}
}

// deliveryTable is the table of deliveries whose paces are in a column.
func (v *salvage) deliveryTable(pace string) table {
	var row deliveryRow
	return table{
		name: "deliveries", columns: deliveryHead + `, ` + pace, added: 1, seq: &row.seq, dest: row.dest(),
		reset: func() { row = deliveryRow{} },
		take: func(ctx context.Context, whole bool) (bool, error) {
			d, err := row.delivery(&v.print)
			return v.judge(row.seq, "head", whole, err, func() error { return v.takeDelivery(ctx, d) })
		},
	}
}

func (v *salvage) standingTable() table {
	var row standingRow
	return table{
		name: "standings", columns: standingColumns, seq: &row.seq, dest: row.dest(),
		reset: func() { row = standingRow{} },
		take: func(ctx context.Context, whole bool) (bool, error) {
			st, err := row.value(&v.print)
			place := row.place
			return v.judge(row.seq, "standing", whole, err, func() error { return v.sink.standing(ctx, place, &st) })
		},
	}
}

func (v *salvage) runTable() table {
	var row runRow
	return table{
		name: "runs", columns: runColumns, seq: &row.seq, dest: row.dest(),
		reset: func() { row = runRow{} },
		take: func(ctx context.Context, whole bool) (bool, error) {
			r, err := row.run(&v.print)
			return v.judge(row.seq, "run", whole, err, func() error { return v.sink.run(ctx, r, row.seq) })
		},
	}
}

// judge gives a record to the sink by give if it is sound: whole, and read without err.
// Outside of SQLite rows of other tables look the same: it is the checksum that tells.
func (v *salvage) judge(seq int64, what string, whole bool, err error, give func() error) (sound bool, failed error) {
	if whole && err == nil {
		return true, give()
	}
	if v.raw {
		return false, nil
	}
	damaged := &DamagedRowError{Seq: seq, What: what}
	errors.As(err, &damaged)
	v.blame(damaged)
	return false, nil
}

// takeDelivery gives the sink a sound delivery. One that is pending and whose message is
// missing is in the report: nothing can be sent for it.
func (v *salvage) takeDelivery(ctx context.Context, d *hook.Delivery) error {
	if d.CaptureSeq == 0 && !d.Over() && !v.messages[d.Seq] && !v.changed(ctx, d.Seq) {
		v.blame(&DamagedRowError{Seq: d.Seq, ID: d.ID, What: "message"})
	}
	v.report.Deliveries++
	return v.sink.delivery(ctx, d)
}

// changed reports whether somebody made or deleted the delivery seq since the messages
// were read.
func (v *salvage) changed(ctx context.Context, seq int64) bool {
	if v.raw { // SQLite does not know of it anyway
		return false
	}
	var whole bool
	err := v.db.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM messages WHERE seq = ?1)
		OR NOT EXISTS (SELECT 1 FROM deliveries WHERE seq = ?1)`, seq).Scan(&whole)
	return err == nil && whole
}
