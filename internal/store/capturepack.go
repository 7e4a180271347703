package store

import (
	"crypto/sha256"
	"database/sql"
)

// packedCapture is a capture without seq and body as one text, for the reason that there
// are packed attempts for. The digest and the identity come last: both hold any bytes.
const packedCapture = `concat(id, char(31), received_at, char(31), method, char(31), target, char(31), proto, char(31),
	remote, char(31), headers, char(31), headers_exact, char(31), trailers, char(31), reply_status, char(31),
	reply_from, char(31), reply_dropped, char(31), reply_latency_us, char(31), body_size, char(31), checksum, char(31),
	body_sha256, identity)`

// unpack sets r from what packedCapture has. It uses the buffers r has.
func (r *captureRow) unpack(seq int64, packed string) bool {
	u := unpacker{rest: packed}
	*r = captureRow{
		seq: seq, id: u.text(), receivedAt: u.number(), method: u.text(), target: u.text(), proto: u.text(),
		remote: u.text(), headers: append(r.headers[:0], u.text()...), exact: u.number() == 1,
		trailers: append(r.trailers[:0], u.text()...), reply: u.reply(), size: u.number(), checksum: u.number(),
		sha256: r.sha256[:0], identity: r.identity[:0],
	}
	if u.bad || u.ended || len(u.rest) < sha256.Size {
		return false
	}
	r.sha256 = append(r.sha256, u.rest[:sha256.Size]...)
	r.identity = append(r.identity, u.rest[sha256.Size:]...)
	return true
}

// packedWhere selects the seq, packedCapture and the body as far as it is read along.
func packedWhere(condition string, bodies bodySource) string {
	return `SELECT seq, ` + packedCapture + `, ` + bodies.column() + ` FROM captures WHERE` + condition
}

// loadPacked is loadCaptures for rows of which the packed text is the whole truth, some n
// of them; false where there is one of which it is not. It closes rows, which are those of
// packedWhere.
func loadPacked(rows *sql.Rows, bodies bodySource, n int) (page []loaded, ok bool, err error) {
	defer rows.Close()
	page = make([]loaded, 0, n)
	var seq int64
	var packed string
	var row captureRow
	var print fingerprint
	var body []byte
	for rows.Next() {
		if err := rows.Scan(&seq, &packed, &body); err != nil {
			return nil, false, err
		}
		if !row.unpack(seq, packed) {
			return nil, false, nil
		}
		found, damaged := row.loaded(bodies, body, &print)
		if damaged != nil {
			return nil, false, nil
		}
		page = append(page, loaded{capture: found})
	}
	return page, true, rows.Err()
}
