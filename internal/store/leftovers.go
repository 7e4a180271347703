package store

import (
	"context"
	"time"
)

// A leftover is a kind of records that may have to do with no capture: nothing else takes
// them along. What is old of them is looked for by readers, so that nobody who keeps
// something waits for that.
type leftover struct {
	old     string   // selects seqs, from before a time and beyond a seq, up to a limit
	deletes []string // each takes seqs
}

func leftoverKinds() []leftover {
	return []leftover{
		{
			`SELECT seq FROM deliveries AS d WHERE state <> 'pending' AND created_at < ?
				AND NOT EXISTS (SELECT 1 FROM captures WHERE seq = d.capture_seq) AND seq > ? ORDER BY seq LIMIT ?`,
			[]string{
				`DELETE FROM messages WHERE seq IN (SELECT value FROM json_each(?))`,
				`DELETE FROM deliveries WHERE seq IN (SELECT value FROM json_each(?))`,
			},
		},
		{
			`SELECT seq FROM attempts WHERE capture_seq = 0 AND started_at < ?
				AND NOT EXISTS (SELECT 1 FROM deliveries WHERE id = attempts.delivery AND state = 'pending')
				AND seq > ? ORDER BY seq LIMIT ?`,
			[]string{
				`DELETE FROM attempt_ids WHERE seq IN (SELECT value FROM json_each(?))`,
				`DELETE FROM attempts WHERE seq IN (SELECT value FROM json_each(?))`,
			},
		},
	}
}

// pruneLeftovers deletes deliveries that are over and attempts from before t that have to
// do with no capture.
func (s *Store) pruneLeftovers(ctx context.Context, t time.Time) error {
	for _, kind := range leftoverKinds() {
		for at := int64(0); ; {
			seqs, err := readSeqs(ctx, s.readers, kind.old, t.UnixMicro(), at, deleteSlice)
			if err != nil {
				return explain(err)
			}
			if len(seqs) == 0 {
				break
			}
			if err := s.writer.wait(ctx, &clearance{kind.deletes, seqs}); err != nil {
				return err
			}
			at = seqs[len(seqs)-1]
		}
	}
	return nil
}

// A clearance is leftovers to be deleted.
type clearance struct {
	deletes []string
	seqs    []int64
}

func (*clearance) weight() int64 { return maxBatchBytes }

func (*clearance) lazy() bool { return false }

func (*clearance) committed() {}

func (c *clearance) write(ctx context.Context, s *session) error {
	list := jsonList(c.seqs)
	for _, text := range c.deletes {
		if _, err := s.conn.ExecContext(ctx, text, list); err != nil {
			return err
		}
	}
	return s.setFloors(ctx)
}

// setFloors sees to it that no seq which has been in use is used again.
func (s *session) setFloors(ctx context.Context) error {
	_, err := s.conn.ExecContext(ctx, `UPDATE meta SET capture_floor = ?, attempt_floor = ?, delivery_floor = ?`,
		s.lastCapture, s.lastAttempt, s.lastDelivery)
	return err
}
