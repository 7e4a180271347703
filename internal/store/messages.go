package store

import (
	"context"
	"database/sql"
	"encoding/binary"
	"errors"

	"github.com/hookctl/hookctl/internal/hook"
)

// A message is kept as one value: form, method, content type, header lines and body,
// each but the first with its length before it.

const messageForm = 1

var errMessage = errors.New("malformed message")

// messageColumns are the columns of a message, as messageRow has them.
const messageColumns = `seq, message, checksum`

// A messageRow is what a delivery sends that has no capture, in the database's terms.
type messageRow struct {
	seq      int64 // the delivery's
	data     []byte
	checksum int64
}

// dest is where a row of messageColumns is scanned to.
func (r *messageRow) dest() []any { return []any{&r.seq, &r.data, &r.checksum} }

// fingerprint computes the checksum of r by way of f. Rows of other tables look the same.
func (r *messageRow) fingerprint(f *fingerprint) int64 {
	f.reset()
	f.text("message")
	f.number(r.seq)
	f.bytes(r.data)
	return f.sum()
}

// message returns what r holds, or a *DamagedRowError.
func (r *messageRow) message(f *fingerprint) (*hook.Message, error) {
	if r.checksum == r.fingerprint(f) {
		if m, err := parseMessage(r.data); err == nil {
			return m, nil
		}
	}
	return nil, &DamagedRowError{Seq: r.seq, What: "message"}
}

// appendMessage appends m to buf.
func appendMessage(buf []byte, m *hook.Message) []byte {
	buf = append(buf, messageForm)
	for _, part := range [][]byte{[]byte(m.Method), []byte(m.ContentType), appendHeaders(nil, m.Header), m.Body} {
		buf = binary.AppendUvarint(buf, uint64(len(part)))
		buf = append(buf, part...)
	}
	return buf
}

// parseMessage reads what appendMessage wrote.
func parseMessage(data []byte) (*hook.Message, error) {
	if len(data) == 0 || data[0] != messageForm {
		return nil, errMessage
	}
	var parts [4][]byte
	rest := data[1:]
	for i := range parts {
		size, n := binary.Uvarint(rest)
		if n <= 0 || size > uint64(len(rest)-n) {
			return nil, errMessage
		}
		rest = rest[n:]
		parts[i], rest = rest[:size:size], rest[size:]
	}
	header, err := parseHeaders(parts[2])
	if err != nil || len(rest) > 0 {
		return nil, errMessage
	}
	m := &hook.Message{Method: string(parts[0]), ContentType: string(parts[1]), Header: header}
	if len(parts[3]) > 0 {
		m.Body = parts[3]
	}
	return m, nil
}

// keepMessage keeps m as what the delivery seq sends.
func (s *session) keepMessage(ctx context.Context, m *hook.Message, seq int64) error {
	row := messageRow{seq: seq, data: appendMessage(nil, m)}
	_, err := s.addMessage.ExecContext(ctx, row.seq, row.data, row.fingerprint(&s.print))
	return err
}

// readMessage returns what the delivery seq sends: nil where that is its capture.
func readMessage(ctx context.Context, db querier, seq int64) (*hook.Message, error) {
	var row messageRow
	var print fingerprint
	err := db.QueryRowContext(ctx, `SELECT `+messageColumns+` FROM messages WHERE seq = ?`, seq).Scan(row.dest()...)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return row.message(&print)
}
