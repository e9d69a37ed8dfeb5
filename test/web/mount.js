/** The script of a page that holds a record and nothing but its verification: what a report is to these tests. */
import { readRecord } from '../../dist/web/client/record.js'
import { mountVerification } from '../../dist/web/client/verification.js'

readRecord().then((record) => mountVerification(document.getElementById('verification'), record))
