// For tests: bullets from many occupations, each with honest paraphrases that claim nothing beyond it.

export interface ParaphrasedBullet {
  company: string;
  role: string;
  dates: string;
  text: string;
  paraphrases: string[];
}

/** `employer | role | dates`, the bullet, and its paraphrases; an empty line between bullets. */
const source = `
St Mary's Hospital | Staff Nurse | Mar 2019 - Present
Led a shift of 12 nurses on a 30-bed surgical ward
Headed a 12-nurse shift on a surgical ward with 30 beds
Ran shifts of 12 nursing colleagues for a 30-bed surgical ward
Managed a surgical-ward shift (30 beds, 12 nurses)
Directed 12 nurses each shift on the 30-bed surgical ward

St Mary's Hospital | Staff Nurse | Mar 2019 - Present
Cut medication errors by 22% within 6 months by introducing a double-check protocol
Introduced a double-check protocol that reduced medication errors by 22 percent in 6 months
Reduced medication errors 22% in six months with a double-check protocol
Lowered the rate of medication errors by 22% through a new double-check protocol
Brought in double checks, cutting medication errors by 22%

Hill House | Care Assistant | 2016 - 2019
Supported 15 residents a day with meals, washing and mobility
Assisted 15 residents daily with meals, mobility and washing
Helped 15 residents each day to wash, eat and move about
Provided daily support to 15 residents: meals, washing, mobility
Cared for 15 residents a day, from meals to mobility

Northgate School | Mathematics Teacher | 2015 - 2022
Taught algebra to 120 pupils a year and raised the pass rate from 68% to 81%
Raised the pass rate from 68% to 81% while teaching algebra to 120 students a year
Lifted pass rates in algebra from 68 to 81 percent, teaching 120 pupils each year
Taught 120 pupils algebra every year; the pass rate grew from 68% to 81%
Improved the pass rate to 81% (from 68%) across 120 pupils a year

Northgate School | Head of Year | 2020 - 2022
Organised a mentoring scheme in which 24 sixth-formers coached younger pupils
Set up mentoring in which 24 sixth-formers coached younger pupils
Ran a scheme with 24 sixth-formers as mentors for younger pupils
Arranged for 24 sixth-formers to coach younger students
Built a mentoring scheme of 24 sixth-formers for younger pupils

Keller Bau AG | Site Manager | Jan 2018 - Dec 2021
Managed the construction of a 14-storey office building with a budget of CHF 32 million
Delivered a 14-storey office building on a CHF 32 million budget
Oversaw construction of an office building of 14 storeys with a budget of CHF 32m
Ran the site of a 14-storey office building (budget: CHF 32 million)
Directed the building of a 14-storey office block, budget CHF 32 million

Keller Bau AG | Site Manager | Jan 2018 - Dec 2021
Coordinated 9 subcontractors and finished three weeks early
Finished three weeks ahead of plan by coordinating 9 subcontractors
Coordinated nine subcontractors, finishing 3 weeks early
Kept 9 subcontractors in step and completed work three weeks early
Steered nine subcontractors to a finish three weeks early

La Piazza | Head Chef | 2017 - 2023
Cooked for 180 covers a night and cut food waste by a third with a new ordering sheet
Designed a new ordering sheet that cut food waste by a third, at 180 covers a night
Cut food waste by a third through a new ordering sheet while serving 180 covers nightly
Led cooking for 180 covers a night; a new ordering sheet cut waste by a third
Ran a kitchen of 180 covers a night and reduced food waste by a third

La Piazza | Head Chef | 2017 - 2023
Trained 6 apprentices, 4 of whom passed with distinction
Trained six apprentices; four passed with distinction
Coached 6 apprentices, with 4 passing with distinction
Taught six apprentices, of whom 4 passed with distinction
Brought on 6 apprentices, four with distinction

Orbit Logistics | Warehouse Supervisor | Feb 2020 - Present
Supervised 18 pickers and raised picking accuracy from 96.5% to 99.2%
Raised picking accuracy to 99.2% from 96.5% with a crew of 18 pickers
Led 18 pickers, improving accuracy from 96.5 percent to 99.2 percent
Managed a team of 18 pickers; accuracy rose from 96.5% to 99.2%
Improved picking accuracy from 96.5% to 99.2% as supervisor of 18 pickers

Orbit Logistics | Warehouse Supervisor | Feb 2020 - Present
Introduced handheld scanners in SAP, saving 14 hours of typing a week
Saved 14 hours of typing a week by introducing handheld scanners with SAP
Rolled out handheld scanners tied to SAP and saved 14 hours a week of typing
Brought in handheld scanners (SAP), which saved 14 hours of typing weekly
Freed 14 hours a week of typing with handheld scanners in SAP

Brightline Software | Backend Engineer | 2019 - 2023
Built a billing service in Go and PostgreSQL that handles 2 million invoices a month
Developed a Go and PostgreSQL billing service handling 2 million invoices monthly
Created a billing service (Go, Postgres) that processes 2m invoices a month
Engineered the billing service in Go with PostgreSQL: 2,000,000 invoices a month
Wrote a billing service for 2 million invoices a month using Go and PostgreSQL

Brightline Software | Backend Engineer | 2019 - 2023
Reduced the p95 latency of the search API from 900 ms to 250 ms with Redis caching
Cut search API p95 latency from 900 ms to 250 ms through caching in Redis
Brought p95 latency of the search API down to 250 ms, from 900 ms, with Redis
Used Redis caching to lower p95 latency of search from 900 ms to 250 ms
Improved search API latency (p95) from 900 ms to 250 ms by caching in Redis

Brightline Software | Backend Engineer | 2019 - 2023
Migrated 40 services from VMs to Kubernetes without downtime
Moved 40 services off VMs onto Kubernetes with no downtime
Carried out a migration of 40 services to K8s without downtime
Led 40 services from VMs to Kubernetes, without downtime
Shifted forty services from VMs to Kubernetes and kept them running

Meridian Bank | Credit Analyst | 2014 - 2018
Analysed loan applications worth €85 million a year with Excel and SQL
Assessed €85 million of loan applications a year using SQL and Excel
Evaluated loan applications worth EUR 85 million annually in Excel and SQL
Reviewed €85m in yearly loan applications with SQL and Excel
Examined loan applications of €85 million a year

Meridian Bank | Credit Analyst | 2014 - 2018
Wrote the monthly risk report for the board and shortened it from 40 to 12 pages
Shortened the board's monthly risk report from 40 pages to 12
Authored the board's monthly risk report, cutting it from 40 to 12 pages
Drafted the monthly risk report for the board; cut its length from 40 to 12 pages
Condensed the monthly risk report to the board from 40 to 12 pages

Fernley Law | Paralegal | 2018 - 2021
Prepared 60 conveyancing files a month and kept all deadlines
Handled 60 conveyancing files each month, meeting all deadlines
Prepared sixty files for conveyancing every month with all deadlines kept
Kept all deadlines across 60 conveyancing files a month
Managed the preparation of 60 conveyancing files monthly

Fernley Law | Paralegal | 2018 - 2021
Helped three partners with disclosure in a dispute over £4 million
Assisted three partners with disclosure in a £4 million dispute
Supported 3 partners on disclosure in a dispute worth £4m
Worked with three partners on disclosure in a £4 million dispute
Contributed to disclosure for three partners in a dispute over £4 million

Aurora Hotel | Front Desk Manager | 2016 - 2020
Ran a front desk of 7 receptionists for a hotel with 140 rooms
Managed 7 receptionists at the front desk of a 140-room hotel
Led the front desk (seven receptionists) of a hotel of 140 rooms
Oversaw seven receptionists in a 140-room hotel
Headed a team of 7 at the front desk of a hotel with 140 rooms

Aurora Hotel | Front Desk Manager | 2016 - 2020
Raised the guest rating from 7.9 to 8.8 in 2019
Improved the guest rating from 7.9 to 8.8 during 2019
Lifted guest ratings to 8.8 from 7.9 in 2019
In 2019 raised the rating by guests from 7.9 to 8.8
Brought the guest rating up from 7.9 to 8.8

Volta Motors | Maintenance Technician | 2012 - 2019
Serviced 25 CNC machines and cut unplanned stops by half
Halved unplanned stops through the servicing of 25 CNC machines
Maintained 25 CNC machines, cutting unplanned stops by half
Cut unplanned stops by half by servicing 25 CNC machines
Looked after 25 CNC machines and halved unplanned stops

Volta Motors | Maintenance Technician | 2012 - 2019
Programmed a Siemens PLC for a conveyor of 120 metres
Wrote the Siemens PLC program for a 120-metre conveyor
Set up a Siemens PLC to control a conveyor 120 metres long
Programmed the PLC (Siemens) of a 120 metre conveyor
Developed PLC code on Siemens for a conveyor of 120 metres

Greenfield Council | Social Worker | 2013 - Present
Managed a caseload of 28 families and chaired weekly case reviews
Carried a caseload of 28 families and led weekly case reviews
Chaired weekly case reviews and managed 28 families
Held responsibility for 28 families, chairing case reviews every week
Handled 28 family cases and chaired weekly reviews

Greenfield Council | Social Worker | 2013 - Present
Wrote 45 court reports, all accepted without changes
Authored 45 court reports, all accepted unchanged
Produced forty-five reports for court that were all accepted without changes
Drafted 45 reports for the court; all were accepted without changes
Prepared 45 court reports accepted without changes

Lumen Retail | Store Manager | 2010 - 2017
Grew yearly sales of the Bristol store from $1.8 million to $2.4 million
Increased annual sales at the Bristol store from $1.8m to $2.4m
Raised the Bristol store's yearly sales from $1.8 million to $2.4 million
Took sales in Bristol from $1.8 million to $2.4 million a year
Expanded yearly sales of the store in Bristol to $2.4 million, from $1.8 million

Lumen Retail | Store Manager | 2010 - 2017
Hired and trained 22 sales assistants
Recruited and trained 22 sales assistants
Brought in and coached 22 assistants for sales
Hired 22 sales assistants and taught them the trade
Built up a sales staff of 22 by hiring and training

Pixel & Co | Graphic Designer | 2018 - 2022
Designed packaging for 35 products in Adobe Illustrator
Created the packaging of 35 products with Adobe Illustrator
Produced packaging designs for 35 products using Adobe Illustrator
Developed packaging for thirty-five products in Adobe Illustrator
Drew packaging for 35 products

Pixel & Co | Graphic Designer | 2018 - 2022
Redesigned the client portal in Figma, which raised sign-ups by 18%
Raised sign-ups by 18% by redesigning the client portal in Figma
Reworked the client portal with Figma, increasing sign-ups 18 percent
Lifted sign-ups 18% through a redesign of the client portal (Figma)
Improved the client portal in Figma so that sign-ups grew by 18%

Nordlab | Laboratory Technician | 2016 - 2021
Ran HPLC analyses of 50 samples a day under GMP
Analysed 50 samples a day by HPLC to GMP standards
Performed HPLC on 50 samples daily under GMP
Carried out 50 HPLC analyses a day in line with GMP
Tested 50 samples per day with HPLC under GMP rules

Nordlab | Laboratory Technician | 2016 - 2021
Shortened sample turnaround from 5 days to 2 days
Cut the turnaround of samples from five days to two
Reduced sample turnaround to 2 days from 5 days
Brought turnaround down from 5 to 2 days
Accelerated sample turnaround from 5 days to 2

Harbour Police | Police Officer | 2009 - 2018
Patrolled a district of 14,000 inhabitants and led 3 neighbourhood projects
Led three neighbourhood projects and patrolled a district of 14,000 inhabitants
Ran 3 neighbourhood projects in a district of 14k inhabitants
Served a district with 14,000 inhabitants on patrol and headed three neighbourhood projects
Patrolled a 14,000-inhabitant district; led three projects in the neighbourhood

Skyway Airlines | Cabin Crew | 2015 - 2020
Looked after 200 passengers a flight on 60 long-haul flights a year
Served 200 passengers per flight on 60 long-haul flights annually
Cared for 200 passengers a flight over 60 long-haul flights each year
Attended to two hundred passengers per flight, 60 long-haul flights a year
Worked 60 long-haul flights a year with 200 passengers each

Rowan Accounting | Accountant | Apr 2017 - Present
Closed the books of 16 clients each month in QuickBooks
Completed monthly closings for 16 clients in QuickBooks
Handled month-end for sixteen customers with QuickBooks
Closed monthly books in QuickBooks for 16 clients
Managed the monthly close of 16 client accounts using QuickBooks

Rowan Accounting | Accountant | Apr 2017 - Present
Recovered £120,000 in unclaimed VAT for clients
Won back £120k of unclaimed VAT for clients
Reclaimed £120,000 of VAT on behalf of clients
Secured the return of £120,000 in unclaimed VAT
Identified and recovered £120k unclaimed VAT for clients

Sonata Conservatory | Violin Teacher | 2011 - 2019
Taught 32 pupils aged 6 to 17 and organised two recitals a year
Gave violin lessons to 32 pupils from 6 to 17 and arranged two recitals a year
Organised two recitals yearly for 32 students aged 6 to 17
Taught violin to 32 students (aged 6 to 17), with two recitals each year
Instructed 32 pupils and put on two recitals a year

Delta Farms | Farm Manager | 2008 - 2016
Managed 240 hectares of wheat and maize and 5 seasonal workers
Ran 240 hectares of maize and wheat with 5 seasonal workers
Farmed 240 hectares (wheat, maize) with five seasonal staff
Oversaw five seasonal workers on 240 hectares of wheat and maize
Directed wheat and maize growing on 240 hectares

Acme Telecom | Call Centre Agent | 2018 - 2020
Answered 70 calls a day with a satisfaction score of 94%
Handled 70 calls daily at a 94% satisfaction score
Took 70 customer calls a day, scoring 94 percent in satisfaction
Achieved 94% satisfaction while answering 70 calls a day
Dealt with seventy calls a day and kept satisfaction at 94%

Acme Telecom | Call Centre Agent | 2018 - 2020
Wrote a guide to common faults that new colleagues still use
Authored a guide on common faults still used by new colleagues
Created the guide to common faults that new staff use
Compiled a guide of common faults for new colleagues
Documented common faults in a guide for new colleagues

City Museum | Curator | 2014 - 2021
Curated an exhibition of 90 photographs seen by 25,000 visitors
Organised a show of 90 photographs that drew 25,000 visitors
Put together an exhibition with 90 photographs for 25k visitors
Curated ninety photographs in an exhibition that 25,000 visitors saw
Developed a photographic exhibition (90 works) with 25,000 visitors

Helios Energy | Electrical Engineer | 2016 - 2022
Designed a 4 MW solar plant in AutoCAD and supervised its construction
Planned a 4 MW solar plant with AutoCAD and oversaw construction
Supervised the construction of a 4 MW solar plant designed in AutoCAD
Used AutoCAD to design a solar plant of 4 MW, then supervised building
Engineered a solar plant (4 MW) in AutoCAD and managed its construction

Helios Energy | Electrical Engineer | 2016 - 2022
Found a wiring fault that had cost 300 MWh a year
Discovered a wiring fault costing 300 MWh a year
Traced a loss of 300 MWh a year to a wiring fault
Identified the wiring fault behind a yearly loss of 300 MWh
Detected a fault in the wiring that cost 300 MWh annually

Trellis Analytics | Data Scientist | 2019 - Present
Trained a churn model in Python with scikit-learn that reached an AUC of 0.87
Built a churn model (Python, scikit-learn) with an AUC of 0.87
Developed a model of churn in Python and scikit-learn, AUC 0.87
Reached an AUC of 0.87 with a scikit-learn churn model in Python
Created a Python churn model with scikit-learn, achieving 0.87 AUC

Trellis Analytics | Data Scientist | 2019 - Present
Automated 9 weekly reports in R, which saved the sales team two days a week
Saved the sales team two days a week by automating 9 weekly reports in R
Automated nine weekly reports with R, freeing two days a week for sales
Wrote R scripts that automate 9 weekly reports and save two days weekly
Turned nine weekly reports into R scripts, saving sales 2 days a week

Bluebird Nursery | Early Years Practitioner | 2017 - 2023
Cared for a group of 8 toddlers and planned outdoor play every day
Looked after 8 toddlers and planned daily outdoor play
Planned outdoor play each day for a group of eight toddlers
Led a group of 8 toddlers with outdoor play every day
Took care of eight toddlers, planning outdoor play daily

Ironbridge Steel | Welder | 2011 - 2020
Welded pressure vessels to ISO 9606 with a rejection rate below 1%
Produced pressure vessel welds to ISO 9606, with under 1% rejected
Welded pressure vessels under ISO 9606 at a rejection rate of less than 1 percent
Kept rejections below 1% when welding pressure vessels to ISO 9606
Made welds on pressure vessels (ISO 9606) with rejections below 1%

Maple Pharmacy | Pharmacist | 2015 - Present
Dispensed 250 prescriptions a day and advised patients in English and Turkish
Filled 250 prescriptions daily, advising patients in Turkish and English
Advised patients in English and Turkish and dispensed 250 prescriptions a day
Dispensed 250 prescriptions per day with advice in English or Turkish
Handled 250 prescriptions a day and counselled patients in both English and Turkish

Crestwood Events | Event Planner | 2013 - 2019
Planned 40 corporate events a year for up to 600 guests
Organised 40 corporate events annually with up to 600 guests
Ran forty corporate events a year, each for up to 600 guests
Delivered 40 corporate events each year, up to 600 guests
Planned events for companies: 40 a year, up to 600 guests

Crestwood Events | Event Planner | 2013 - 2019
Negotiated venue contracts and saved 15% against the 2014 budget
Saved 15 percent against the 2014 budget by negotiating venue contracts
Cut venue costs 15% below the 2014 budget in negotiations
Negotiated with venues to save 15% of the 2014 budget
Achieved savings of 15% on the 2014 budget through venue contracts

Polar Shipping | Ship's Engineer | 2006 - 2015
Maintained two diesel engines of 8,000 kW on voyages of up to 60 days
Kept two 8,000 kW diesel engines running on voyages of up to 60 days
Serviced two diesel engines (8,000 kW) during voyages of up to sixty days
Looked after two 8,000 kW diesels on voyages up to 60 days
Maintained diesel engines of 8,000 kW at sea for up to 60 days

Open Door Charity | Fundraiser | 2016 - 2021
Raised €310,000 in 2020 from 1,900 donors
Brought in €310,000 from 1,900 donors in 2020
In 2020 raised 310,000 euros from 1,900 donors
Won €310k from 1,900 donors in 2020
Secured €310,000 in donations from 1,900 donors

Open Door Charity | Fundraiser | 2016 - 2021
Recruited 50 volunteers and kept 44 of them for more than a year
Found 50 volunteers, 44 of whom stayed for more than a year
Recruited fifty volunteers and retained 44 for over a year
Kept 44 of 50 recruited volunteers for more than a year
Signed up 50 volunteers; 44 stayed longer than a year
`;

export const paraphrasedBullets: readonly ParaphrasedBullet[] = source
  .trim()
  .split(/\n\n/)
  .map((block) => {
    const [head = "", text = "", ...paraphrases] = block.split("\n");
    const [company = "", role = "", dates = ""] = head.split(" | ");
    return { company, role, dates, text, paraphrases };
  });
