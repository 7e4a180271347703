package store

import (
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
)

// zoneIdentities are the facets of all identities in a zone, so small that those
// of a million captures can be gone through for each search. An index would have
// to be written to for each capture, which takes a sixth of the time of all that
// indexing it does; these are written once for many.
type zoneIdentities struct {
	distinct traitList
	places   cells // which of the distinct traits each capture has
	tags     cells // of the captures' events
}

// zoneColumns are the columns of zones that have zoneIdentities.
const zoneColumns = `traits, places, tags`

// dest is where a row of zoneColumns is scanned to.
func (z *zoneIdentities) dest() []any { return []any{&z.distinct, &z.places, &z.tags} }

// newZoneIdentities returns those of a zone with facets, of which those that are
// zero may be of no capture: blank says that some are of one.
func newZoneIdentities(facets *[zoneSize]identityFacet, blank bool) zoneIdentities {
	z := zoneIdentities{}
	list := newTraitLister()
	for place, f := range facets {
		z.places.set(place, list.number(f.traits))
		z.tags.set(place, f.tag)
	}
	z.distinct = list.traits
	if blank && !z.blank() {
		z.distinct = append(z.distinct, traits{})
	}
	return z
}

// blank reports whether captures of the zone may have the zero traits.
func (z *zoneIdentities) blank() bool {
	return len(z.distinct) == 1 || slices.Contains(z.distinct[1:], traits{})
}

// unknown are those of a zone in which nobody is known.
func unknown() zoneIdentities { return zoneIdentities{distinct: traitList{{}}} }

// trait returns which of the distinct traits the capture at place has.
func (z *zoneIdentities) trait(place int) int {
	if n := int(z.places.at(place)); n < len(z.distinct) {
		return n
	}
	return 0 // the zone is damaged
}

// facet returns that of the capture at place.
func (z *zoneIdentities) facet(place int) identityFacet {
	return identityFacet{z.distinct[z.trait(place)], z.tags.at(place)}
}

// facets returns those of all places.
func (z *zoneIdentities) facets() *[zoneSize]identityFacet {
	var all [zoneSize]identityFacet
	for place := range all {
		all[place] = z.facet(place)
	}
	return &all
}

// A zoneReader reads the facets of identities that are wanted in some order of seq.
type zoneReader struct {
	db   querier
	read bool
	n    int64 // the zone that was read last
	zoneIdentities
}

func (r *zoneReader) identity(ctx context.Context, seq int64) (identityFacet, error) {
	if n := zoneOf(seq); !r.read || n != r.n {
		err := r.db.QueryRowContext(ctx, `SELECT `+zoneColumns+` FROM zones WHERE n = ?`, n).Scan(r.dest()...)
		if errors.Is(err, sql.ErrNoRows) {
			r.zoneIdentities = unknown()
			err = nil
		}
		if err != nil {
			return identityFacet{}, err
		}
		r.read, r.n = true, n
	}
	return r.facet(placeOf(seq)), nil
}

// errZone is that of a zone with a column as we never write it.
var errZone = fmt.Errorf("%w: a zone is malformed", ErrDamaged)

// cells are numbers, one for each place in a zone. None at all are zeros.
type cells []byte

// cellSize is how many bytes a cell has.
const cellSize = 2

func (c cells) at(place int) uint16 {
	if len(c) == 0 {
		return 0
	}
	return binary.LittleEndian.Uint16(c[cellSize*place:])
}

func (c *cells) set(place int, n uint16) {
	switch {
	case len(*c) > 0:
	case n == 0:
		return
	default:
		*c = make(cells, cellSize*zoneSize)
	}
	binary.LittleEndian.PutUint16((*c)[cellSize*place:], n)
}

// Scan reads cells as they are.
func (c *cells) Scan(value any) error {
	data, ok := value.([]byte)
	if !ok && value != nil || len(data) != 0 && len(data) != cellSize*zoneSize {
		return errZone
	}
	*c = append((*c)[:0], data...)
	return nil
}
