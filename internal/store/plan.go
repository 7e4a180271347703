package store

import (
	"context"
	"slices"
)

const (
	// firstScan is how many facets are looked at to find what is common, and to
	// learn which term is the rarest.
	firstScan = 1024
	// longScan is how many are looked at in one go where no index helps.
	longScan = 8192
)

// A plan finds the captures that may fit a query's terms. It begins by looking at
// facets one by one: what is common is found at once. Only then, knowing how many
// passed each term, does it turn to an index.
type plan struct {
	terms   []term
	order   order
	sampled bool // the first look is done
	driver  term // the term whose index is used, or nil
}

func newPlan(terms []term, o order) plan {
	about, others := ofTraits(terms)
	p := plan{terms: others, order: o}
	if len(about) == 0 {
		return p
	}
	p.terms = append(p.terms, about)
	if !slices.ContainsFunc(others, func(t term) bool { _, ok := t.(timeTerm); return !ok }) {
		p.sampled, p.driver = true, about // zones alone decide: nothing is faster
	}
	return p
}

// after returns the seqs of captures beyond at, limit of them at most, and how far it looked.
func (p *plan) after(ctx context.Context, db querier, at int64, limit int) (seqs []int64, reach int64, err error) {
	done, err := readProgress(ctx, db)
	if err != nil {
		return nil, 0, err
	}
	// Past the border there are captures alone, not their facets.
	border := done.captures
	if p.order == ascending {
		if at >= border {
			// Without the condition that recent has: the database would take that for where
			// to begin, and go over all captures since then again for each page.
			seqs, reach, err = statement{text: `SELECT seq FROM captures WHERE`}.after(ctx, db, p.order, at, limit)
		} else if seqs, reach, err = p.inFacets(ctx, db, done, at, limit); reach == p.order.end() {
			reach = border
		}
	} else {
		if at <= border+1 {
			seqs, reach, err = p.inFacets(ctx, db, done, at, limit)
		} else if seqs, reach, err = recent(done).after(ctx, db, p.order, at, limit); reach == p.order.end() {
			reach = border + 1
		}
	}
	if len(seqs) > limit {
		seqs, reach = seqs[:limit], seqs[limit-1]
	}
	return seqs, reach, err
}

// inFacets is after for the captures that are in facets.
func (p *plan) inFacets(ctx context.Context, db querier, done progress, at int64, limit int) ([]int64, int64, error) {
	if len(p.terms) == 0 {
		return indexed().after(ctx, db, p.order, at, limit)
	}
	var sources []source
	if p.onReply() {
		sources = append(sources, answered(done))
	}
	if p.driver != nil {
		more, ok, err := p.driven(ctx, db, done)
		if err != nil {
			return nil, 0, err
		}
		if ok {
			return p.useIndex(ctx, db, append(sources, more...), at, limit)
		}
		p.driver = nil // too much fits it
	}
	look := newSample(p.terms)
	scan := facetScan{window: windowOf(p.terms), pass: look.pass, known: p.onIdentity(), valid: p.onValidation(), rows: longScan}
	if !p.sampled {
		scan.rows = firstScan
	}
	seqs, reach, err := merged(ctx, db, append(sources, scan), p.order, at, limit)
	if body := longestText(p.terms); !p.sampled && (len(seqs) < limit || body != nil) {
		p.sampled, p.driver = true, look.rarest(body)
	}
	return seqs, reach, err
}

// longestText returns the term with the longest text that the body index knows
// how to look for, or nil.
func longestText(terms []term) term {
	var longest term
	length := 0
	for _, t := range terms {
		if t, ok := t.(bodyTerm); ok && len(t.text) > length && grams(t.text) != "" {
			longest, length = t, len(t.text)
		}
	}
	return longest
}

// useIndex merges sources from the first place beyond at that is in the window.
func (p *plan) useIndex(ctx context.Context, db querier, sources []source, at int64, limit int) ([]int64, int64, error) {
	at, found, err := windowOf(p.terms).skip(ctx, db, p.order, at)
	if err != nil || !found {
		return nil, p.order.end(), err
	}
	return merged(ctx, db, sources, p.order, at, limit)
}

// onReply reports whether a term asks for the reply, which can come after the facet.
func (p *plan) onReply() bool {
	return p.asks(func(t term) bool {
		_, ok := t.(statusTerm)
		return ok
	})
}

// onIdentity reports whether a term asks for what an identity gives.
func (p *plan) onIdentity() bool {
	return p.asks(func(t term) bool {
		switch t.(type) {
		case traitTerms, idTerm:
			return true
		}
		return false
	})
}

// onValidation reports whether a term asks for what a validation gives.
func (p *plan) onValidation() bool {
	return p.asks(func(t term) bool {
		_, ok := t.(validTerm)
		return ok
	})
}

// asks reports whether a term, turned around or not, is one of those.
func (p *plan) asks(is func(term) bool) bool {
	return slices.ContainsFunc(p.terms, func(t term) bool { return is(upright(t)) })
}

func hasIndex(t term) bool {
	if n, ok := t.(not); ok {
		_, valued := n.term.(valued)
		return valued
	}
	switch t := t.(type) {
	case valued, traitTerms, idTerm:
		return true
	case validTerm:
		return !t.has(noValidity)
	}
	return false
}

// driven returns sources that have all captures in facets which the driver may
// match, by its index; false where that does not help.
func (p *plan) driven(ctx context.Context, db querier, done progress) ([]source, bool, error) {
	switch t := p.driver.(type) {
	case traitTerms:
		return []source{identityScan{windowOf(p.terms), done.captures, t}}, true, nil
	case idTerm:
		sources, err := endSources(ctx, db, t.ref)
		return append(sources, identityScan{windowOf(p.terms), done.captures, t}), true, err
	case valued:
		return valueSources(ctx, db, t)
	case not:
		return valueSources(ctx, db, unvalued{t, t.term.(valued).column()})
	case validTerm:
		sources, ok := t.sources(done)
		return sources, ok, nil
	case bodyTerm:
		sources, ok := bodySources(t.text, done)
		return sources, ok, nil
	}
	return nil, false, nil
}

// An unvalued is a valued term turned around.
type unvalued struct {
	not
	of column
}

func (u unvalued) column() column     { return u.of }
func (u unvalued) values() valueRange { return valueRange{} }

// endSources returns sources for both ends of a capture's id.
func endSources(ctx context.Context, db querier, ref idRef) ([]source, error) {
	if ref == "" {
		return nil, nil
	}
	heads, tails := ref.heads(), ref.tails()
	first, err := inRange(ctx, db, columnHead, heads.values())
	if err != nil {
		return nil, err
	}
	last, err := inRange(ctx, db, columnTail, tails.values())
	if err != nil {
		return nil, err
	}
	sources := []source{first, last}
	if first == nil {
		sources[0] = facetScan{window: window{everything(), heads}, pass: func(f *facet) bool { return heads.has(f.head) }, rows: longScan}
	}
	if last == nil { // many, and evenly spread: some are found soon
		sources[1] = facetScan{window: window{everything(), everything()}, pass: func(f *facet) bool { return tails.has(f.tail) }, rows: longScan}
	}
	return sources, nil
}
