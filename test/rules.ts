import { contrib } from '../src/analyzers/ops/contrib/index.js'
import { addRules } from '../src/analyzers/ops/index.js'

// the commands load these where a model needs them
addRules(contrib)
