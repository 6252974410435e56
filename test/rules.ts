import { addRules } from '../src/analyzers/ops/index.js'
import { rareRules } from '../src/analyzers/ops/rare.js'

// the commands load these where a model needs them
addRules(rareRules)
